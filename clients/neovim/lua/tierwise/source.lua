--- Suggestions as items of a completion plugin's menu.
local client_of = require('tierwise.client')
local part = require('tierwise.ghost.part')

local M = {}

local AUTOMATIC = 2

--- Returns an inline suggestion as an item of a menu: it begins where the word before the cursor does, so that menus,
--- which filter by that word, keep it.
---@param item tierwise.Item
---@param place { line: string, row: integer, column: integer }
---@param client vim.lsp.Client
---@return lsp.CompletionItem
local function item_of(item, place, client)
  local before = place.line:sub(1, place.column)
  local word = vim.fn.matchstr(before, [[\k*$]])
  local start = client.offset_encoding == 'utf-8' and #before - #word or part.utf16(before:sub(1, #before - #word))
  local text = word .. item.insertText
  local stop = item.range and item.range['end'] or { line = place.row, character = start + part.utf16(word) }
  return {
    label = vim.trim(vim.split(text, '\n', { plain = true })[1]),
    filterText = text,
    kind = vim.lsp.protocol.CompletionItemKind.Snippet,
    textEdit = { range = { start = { line = place.row, character = start }, ['end'] = stop }, newText = text },
    documentation = { kind = 'markdown', value = ('```%s\n%s\n```'):format(vim.bo.filetype, text) },
    labelDetails = { description = 'Tierwise' },
    command = item.command,
    client_id = client.id, -- by which blink.cmp learns how columns are counted
  }
end

--- Asks for suggestions at the cursor; `done` gets items. Returns what cancels the request.
---@param done fun(items: lsp.CompletionItem[])
---@return fun()
function M.ask(done)
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ name = client_of.NAME, bufnr = buffer })[1]
  if not client then
    done({})
    return function() end
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local place = { line = vim.api.nvim_get_current_line(), row = row - 1, column = column }
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding) --[[@as table]]
  params.context = { triggerKind = AUTOMATIC }
  local id = client_of.request(client, 'textDocument/inlineCompletion', params, function(err, result)
    local items = not err and result and (result.items or result) or {}
    done(vim.tbl_map(function(item)
      return item_of(item, place, client)
    end, items))
  end, buffer)
  return function()
    if id then
      client_of.cancel(client, id)
    end
  end
end

--- Tells the server that an item was taken.
---@param item lsp.CompletionItem
function M.taken(item)
  local client = client_of.of()
  if client and item.command then
    local params = { command = item.command.command, arguments = item.command.arguments }
    client_of.request(client, 'workspace/executeCommand', params, function() end)
  end
end

return M
