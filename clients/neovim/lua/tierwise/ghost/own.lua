--- Ghost text for Neovim 0.10 and 0.11, which have none of their own: asked for while typing, drawn as an extmark.
local client_of = require('tierwise.client')
local part = require('tierwise.ghost.part')
local telling = require('tierwise.ghost.telling')

local M = {}

--- Milliseconds without a key until the server is asked: what one key sets off arrives in several events.
local PAUSE = 20
local INVOKED, AUTOMATIC = 1, 2

local namespace = vim.api.nvim_create_namespace('tierwise.ghost')
local method = 'textDocument/inlineCompletion'

---@class tierwise.Ghost
---@field items tierwise.Item[]
---@field index integer which of them is shown
---@field behind integer[] bytes of the cursor's line behind each item's range
---@field buffer integer
---@field request? integer the request under way
---@field timer? uv.uv_timer_t
local state = { items = {}, behind = {}, index = 1, buffer = -1 }

---@return vim.lsp.Client?
local function client_here()
  return vim.lsp.get_clients({ name = client_of.NAME, bufnr = vim.api.nvim_get_current_buf() })[1]
end

local function wipe()
  if vim.api.nvim_buf_is_valid(state.buffer) then
    vim.api.nvim_buf_clear_namespace(state.buffer, namespace, 0, -1)
  end
end

--- Forgets what is shown and what is under way.
local function drop()
  wipe()
  if state.timer then
    state.timer:stop()
    state.timer = nil
  end
  local client = client_here()
  if state.request and client then
    client_of.cancel(client, state.request)
  end
  state.items, state.index, state.request = {}, 1, nil
end

--- Returns what is left of an item behind the cursor, what of it was typed, and where it ends in the cursor's line; nil
--- where something else was typed.
---@param client vim.lsp.Client
---@return string? rest, string typed, integer stop
local function rest_of(client)
  local item = state.items[state.index]
  if not item or vim.api.nvim_get_current_buf() ~= state.buffer then
    return nil, '', 0
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  local start, stop = column, column
  if item.range then
    if item.range.start.line ~= row - 1 or item.range['end'].line ~= row - 1 then
      return nil, '', 0
    end
    start = part.byte(line, item.range.start.character, client.offset_encoding)
    -- What stood behind the range when it was asked for still does: the line has only grown before that.
    stop = #line - state.behind[state.index]
  end
  local typed = line:sub(start + 1, column)
  if column < start or stop < column or item.insertText:sub(1, #typed) ~= typed or #typed >= #item.insertText then
    return nil, '', 0
  end
  return item.insertText:sub(#typed + 1), typed, stop
end

--- Draws the chosen item behind the cursor; returns whether there is any.
---@param hint? string
local function draw(hint)
  wipe()
  local client = client_here()
  if not client then
    return false
  end
  local rest, _, stop = rest_of(client)
  if not rest then
    return false
  end
  local lines = vim.split(rest, '\n', { plain = true })
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local below = {}
  for number = 2, #lines do
    below[#below + 1] = { { lines[number], 'TierwiseGhost' } }
  end
  local text = { { lines[1], 'TierwiseGhost' } }
  if hint then
    table.insert(below[#below] or text, { hint, 'TierwiseGhostHint' })
  end
  vim.api.nvim_buf_set_extmark(state.buffer, namespace, row - 1, column, {
    virt_text = text,
    virt_lines = #below > 0 and below or nil,
    virt_text_pos = stop > column and 'overlay' or 'inline',
    hl_mode = 'combine',
  })
  telling.shown(client, state.items[state.index])
  return true
end

--- Takes the answer for a cursor, unless the user is elsewhere by now.
---@param result? lsp.InlineCompletionList|lsp.InlineCompletionItem[]
---@param client vim.lsp.Client
---@param tick integer the buffer's changes when it was asked
---@param step? { count: integer, shown: string } how far to step in it, from which text
local function take(result, client, tick, step)
  state.request = nil
  if vim.api.nvim_get_mode().mode:sub(1, 1) ~= 'i' or vim.api.nvim_get_current_buf() ~= state.buffer then
    return
  end
  if not result or vim.api.nvim_buf_get_changedtick(state.buffer) ~= tick then
    return
  end
  state.items = result.items or result
  state.index = step and #state.items > 0 and part.step(state.items, step.shown, step.count) or 1
  local line = vim.api.nvim_get_current_line()
  state.behind = vim.tbl_map(function(item)
    return item.range and #line - part.byte(line, item.range['end'].character, client.offset_encoding) or 0
  end, state.items)
  draw(#state.items > 1 and (' (%d/%d)'):format(state.index, #state.items) or nil)
end

---@param kind integer
---@param step? { count: integer, shown: string }
local function ask(kind, step)
  local client = client_here()
  if not client then
    return
  end
  if state.request then
    client_of.cancel(client, state.request)
  end
  state.buffer = vim.api.nvim_get_current_buf()
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding) --[[@as table]]
  params.context = { triggerKind = kind }
  local tick = vim.api.nvim_buf_get_changedtick(state.buffer)
  state.request = client_of.request(client, method, params, function(err, result)
    if not err then
      take(result, client, tick, step)
    end
  end, state.buffer)
end

--- Follows the cursor: what is shown stays while it is typed through, and the server is asked anew.
local function follow()
  if vim.api.nvim_get_current_buf() ~= state.buffer or not draw() then
    drop()
  end
  if state.timer then
    state.timer:stop()
  end
  state.timer = vim.defer_fn(function()
    if vim.api.nvim_get_mode().mode:sub(1, 1) == 'i' then
      ask(AUTOMATIC)
    end
  end, PAUSE)
end

--- Shows ghost text in a buffer from now on.
---@param buffer integer
---@param on boolean
function M.enable(buffer, on)
  local group = vim.api.nvim_create_augroup('tierwise.ghost.' .. buffer, {})
  if not on then
    return drop()
  end
  vim.api.nvim_create_autocmd({ 'InsertEnter', 'CursorMovedI', 'TextChangedP' }, {
    group = group,
    buffer = buffer,
    callback = vim.schedule_wrap(follow),
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave' }, { group = group, buffer = buffer, callback = drop })
end

--- Returns the item that is shown and the text of it that can be seen.
---@return tierwise.Item?, string
function M.visible()
  local client = client_here()
  local rest = client and rest_of(client)
  return rest and state.items[state.index] or nil, rest or ''
end

--- Takes what is shown, or the part of it that `cut` returns; returns whether anything is shown.
---@param cut? fun(rest: string): string
function M.accept(cut)
  local client, item = client_here(), M.visible()
  if not client or not item then
    return false
  end
  vim.schedule(function()
    local rest, typed, stop = rest_of(client)
    if not rest then
      return
    end
    local taken = cut and cut(rest) or rest
    if taken == rest then
      drop()
      local row, column = unpack(vim.api.nvim_win_get_cursor(0))
      vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, stop, {})
      part.insert(0, rest)
      telling.accepted(client, item)
    else
      part.insert(0, taken)
      telling.partly(client, item, typed .. taken)
      draw()
    end
  end)
  return true
end

--- Shows another suggestion; where there is but one, the server is asked for more first.
---@param count integer
function M.step(count)
  if #state.items > 1 then
    state.index = (state.index - 1 + count) % #state.items + 1
    draw((' (%d/%d)'):format(state.index, #state.items))
  else
    local _, shown = M.visible()
    ask(INVOKED, { count = count, shown = shown })
  end
end

--- Takes away what is shown; returns whether anything was.
function M.dismiss()
  local client, item = client_here(), M.visible()
  if client and item then
    telling.rejected(client, item)
  end
  drop()
  return item ~= nil
end

return M
