--- A source for nvim-cmp: `require('cmp').register_source('tierwise', require('tierwise.cmp').new())`.
local source = require('tierwise.source')

local Source = {}
Source.__index = Source

function Source.new()
  return setmetatable({}, Source)
end

function Source:get_debug_name()
  return 'tierwise'
end

function Source:is_available()
  return vim.lsp.get_clients({ name = 'tierwise', bufnr = vim.api.nvim_get_current_buf() })[1] ~= nil
end

--- How items count columns: nvim-cmp takes it for UTF-16 where a source does not say.
---@return string
function Source:get_position_encoding_kind()
  local client = vim.lsp.get_clients({ name = 'tierwise', bufnr = vim.api.nvim_get_current_buf() })[1]
  return client and client.offset_encoding or 'utf-16'
end

---@param _ table
---@param done fun(answer: { items: lsp.CompletionItem[], isIncomplete: boolean })
function Source:complete(_, done)
  source.ask(function(items)
    done({ items = items, isIncomplete = true })
  end)
end

---@param item lsp.CompletionItem
---@param done fun(item: lsp.CompletionItem)
function Source:execute(item, done)
  source.taken(item)
  done(item)
end

return Source
