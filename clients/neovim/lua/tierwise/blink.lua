--- A source for blink.cmp:
--- `sources.providers.tierwise = { name = 'Tierwise', module = 'tierwise.blink', async = true }`.
local source = require('tierwise.source')

local Source = {}
Source.__index = Source

function Source.new()
  return setmetatable({}, Source)
end

function Source:enabled()
  return vim.lsp.get_clients({ name = 'tierwise', bufnr = vim.api.nvim_get_current_buf() })[1] ~= nil
end

---@param _ table
---@param done fun(answer: table)
---@return fun() cancels
function Source:get_completions(_, done)
  return source.ask(function(items)
    done({ items = items, is_incomplete_forward = true, is_incomplete_backward = true })
  end)
end

---@param _ table
---@param item lsp.CompletionItem
---@param done fun()
---@param apply fun() what blink.cmp does by itself
function Source:execute(_, item, done, apply)
  apply()
  source.taken(item)
  done()
end

return Source
