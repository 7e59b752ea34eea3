--- Ghost text, whoever draws it.
local part = require('tierwise.ghost.part')

local M = {}

--- Returns who draws ghost text in this Neovim: 'native' from 0.12 on, else 'own'.
---@return 'native'|'own'
function M.engine()
  local has_native = vim.fn.has('nvim-0.12') == 1 and vim.lsp.inline_completion ~= nil
  return has_native and 'native' or 'own'
end

local function engine()
  return require('tierwise.ghost.' .. M.engine())
end

--- Returns what must hear the answers that a client gets, if anything must.
---@param client vim.lsp.Client
---@return (fun(method: string, params: table, handler: function, buffer: integer): function)?
function M.listener(client)
  return M.engine() == 'native' and engine().listener(client) or nil
end

--- Switches ghost text on or off in a buffer.
---@param buffer integer
---@param on boolean
function M.enable(buffer, on)
  engine().enable(buffer, on)
end

--- Accepts all of the suggestion. Like those below, it may stand in an `expr` map and returns whether there was any.
---@return boolean
function M.accept()
  return engine().accept()
end

---@return boolean
function M.accept_word()
  return engine().accept(part.word)
end

---@return boolean
function M.accept_line()
  return engine().accept(part.line)
end

function M.next()
  engine().step(1)
end

function M.previous()
  engine().step(-1)
end

---@return boolean
function M.dismiss()
  return engine().dismiss()
end

--- Returns the text that is shown, or an empty string.
---@return string
function M.text()
  local _, text = engine().visible()
  return text
end

return M
