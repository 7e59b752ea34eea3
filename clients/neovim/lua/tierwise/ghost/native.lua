--- Ghost text for Neovim 0.12, which has its own (`vim.lsp.inline_completion`): what that lacks is added here, and the
--- server is told what became of suggestions.
local client_of = require('tierwise.client')
local part = require('tierwise.ghost.part')
local telling = require('tierwise.ghost.telling')

local M = {}

local INVOKED, AUTOMATIC = 1, 2
local method = 'textDocument/inlineCompletion'
local namespace = vim.api.nvim_create_namespace('nvim.lsp.inline_completion')

--- Items of the last answer in each buffer, and how long the cursor's line was when they were asked for.
---@type table<integer, { items: tierwise.Item[], length: integer }>
local answered = {}

--- Returns the text that Neovim shows as ghost text.
---@param buffer integer
---@return string
local function drawn(buffer)
  local mark = vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true })[1]
  if not mark then
    return ''
  end
  local lines = { mark[4].virt_text or {}, unpack(mark[4].virt_lines or {}) }
  local function plain(line)
    local text = ''
    for _, chunk in ipairs(line) do
      -- A second chunk counts suggestions: `(1/3)`.
      text = chunk[2] == 'ComplHintMore' and text or text .. chunk[1]
    end
    return text
  end
  return table.concat(vim.tbl_map(plain, lines), '\n')
end

--- Returns the item of ours that is shown and the text of it that can be seen; other servers' are none of our business.
---@param buffer? integer
---@return tierwise.Item?, string
function M.visible(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  local text = drawn(buffer)
  for _, item in ipairs(text ~= '' and answered[buffer] and answered[buffer].items or {}) do
    if vim.endswith(item.insertText, text) then
      return item, text
    end
  end
  return nil, text
end

--- How far to step, from which text, in the answer to the request that is about to be made.
---@type { count: integer, shown: string }?
local stepping

---@param client vim.lsp.Client
---@param buffer integer
local function tell_shown(client, buffer)
  local item = vim.api.nvim_buf_is_valid(buffer) and M.visible(buffer)
  if item then
    telling.shown(client, item)
  end
end

--- Takes note of an answer that Neovim got and shows.
---@param client vim.lsp.Client
---@param buffer integer
---@param items tierwise.Item[]
---@param length integer
---@param step? { count: integer, shown: string }
local function note(client, buffer, items, length, step)
  answered[buffer] = { items = items, length = length }
  if step and #items > 1 then
    vim.lsp.inline_completion.select({ count = part.step(items, step.shown, step.count) - 1 })
  end
  tell_shown(client, buffer)
end

--- Returns what hears the answers that Neovim gets, around its own handlers.
---@param client vim.lsp.Client
---@return fun(method: string, params: table, handler: function, buffer: integer): function
function M.listener(client)
  return function(asked, _, handler)
    if asked ~= method then
      return handler
    end
    local length, step = #vim.api.nvim_get_current_line(), stepping
    return function(err, result, context, ...)
      handler(err, result, context, ...)
      if not err and result then
        note(client, context.bufnr, result.items or result, length, step)
      end
    end
  end
end

--- Asks at once. Neovim itself has no way to ask by hand, nor before a pause of 200 ms; where its inside is another one
--- than expected, that pause is all that is lost.
---@param buffer integer
---@param kind integer
local function ask(buffer, kind)
  local found, capability = pcall(require, 'vim.lsp._capability')
  local completor = found and vim.tbl_get(capability, 'all', 'inline_completion', 'active', buffer)
  if completor and completor.request then
    pcall(completor.request, completor, kind)
  end
end

---@param buffer integer
---@param on boolean
function M.enable(buffer, on)
  vim.lsp.inline_completion.enable(on, { bufnr = buffer })
end

--- Deletes what an item replaces behind the cursor: as much of the line as it did when it was asked for.
---@param item vim.lsp.inline_completion.Item
---@param buffer integer
local function make_room(item, buffer)
  local before = answered[buffer]
  if not item.range or not before then
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local _, _, last, stop = item.range:to_extmark()
  local grown = #vim.api.nvim_get_current_line() - before.length
  if last == row - 1 and stop + grown > column then
    vim.api.nvim_buf_set_text(buffer, row - 1, column, row - 1, stop + grown, {})
  end
end

--- Inserts what `cut` chooses of what could be seen of an item. Neovim itself would insert all of it at the place it
--- was asked for, which doubles what was typed since then.
---@param item vim.lsp.inline_completion.Item
---@param shown string
---@param cut fun(rest: string): string
---@return vim.lsp.inline_completion.Item? the item, where it is left to Neovim
local function take(item, shown, cut)
  local client, buffer = vim.lsp.get_client_by_id(item.client_id), vim.api.nvim_get_current_buf()
  local text = item.insert_text
  if not client or type(text) ~= 'string' or shown == '' or not vim.endswith(text, shown) then
    return item
  end
  local told = { insertText = text, command = item.command }
  local taken = cut(shown)
  if taken == shown then
    make_room(item, buffer)
    part.insert(buffer, shown)
    telling.accepted(client, told)
  else
    part.insert(buffer, taken)
    telling.partly(client, told, text:sub(1, #text - #shown) .. taken)
    ask(buffer, AUTOMATIC)
  end
end

--- Takes what is shown, or the part of it that `cut` returns; returns whether anything is shown.
---@param cut? fun(rest: string): string
function M.accept(cut)
  local shown = drawn(0)
  return vim.lsp.inline_completion.get({
    on_accept = function(item)
      return take(item, shown, cut or function(rest)
        return rest
      end)
    end,
  })
end

--- Shows another suggestion; where there is but one, the server is asked for more first.
---@param count integer
function M.step(count)
  local buffer = vim.api.nvim_get_current_buf()
  if answered[buffer] and #answered[buffer].items > 1 and drawn(buffer) ~= '' then
    vim.lsp.inline_completion.select({ count = count })
    local client = client_of.of(buffer)
    if client then
      tell_shown(client, buffer)
    end
  else
    stepping = { count = count, shown = drawn(buffer) }
    ask(buffer, INVOKED)
    stepping = nil
  end
end

--- Takes away what is shown; returns whether anything was.
function M.dismiss()
  local buffer = vim.api.nvim_get_current_buf()
  local item = M.visible(buffer)
  local client = client_of.of(buffer)
  if item and client then
    telling.rejected(client, item)
  end
  return vim.lsp.inline_completion.get({
    on_accept = function()
      return nil
    end,
  })
end

return M
