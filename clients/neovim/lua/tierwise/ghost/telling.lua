--- What the server is told of a suggestion: shown, taken in part, taken, rejected. It learns from that what is worth
--- asking.
local client_of = require('tierwise.client')
local part = require('tierwise.ghost.part')

local M = {}

---@class tierwise.Item: lsp.InlineCompletionItem
---@field insertText string

--- The suggestion that was last told to be shown, so that each is told once.
---@type string?
local last_shown

---@param item tierwise.Item
---@return string?
local function ident(item)
  return item.command and item.command.arguments and tostring(item.command.arguments[1])
end

---@param client vim.lsp.Client
---@param item tierwise.Item
function M.shown(client, item)
  local id = ident(item)
  if id and id ~= last_shown then
    last_shown = id
    client_of.notify(client, 'textDocument/didShowCompletion', { item = item })
  end
end

--- Tells how much of an item, from its start, stands in the buffer now.
---@param client vim.lsp.Client
---@param item tierwise.Item
---@param taken string
function M.partly(client, item, taken)
  local params = { item = item, acceptedLength = part.utf16(taken) }
  client_of.notify(client, 'textDocument/didPartiallyAcceptCompletion', params)
end

---@param client vim.lsp.Client
---@param item tierwise.Item
function M.rejected(client, item)
  client_of.notify(client, 'textDocument/didRejectCompletion', { item = item })
end

---@param client vim.lsp.Client
---@param item tierwise.Item
function M.accepted(client, item)
  if item.command then
    local params = { command = item.command.command, arguments = item.command.arguments }
    client_of.request(client, 'workspace/executeCommand', params, function() end)
  end
end

return M
