--- Commit messages: into the buffer of a commit where one is open, else into a scratch buffer.
local client_of = require('tierwise.client')
local report = require('tierwise.report')

local M = {}

--- Writes a message over the empty lines at the top of a commit's buffer.
---@param buffer integer
---@param text string
local function write(buffer, text)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local empty = 0
  while empty < #lines and lines[empty + 1] == '' do
    empty = empty + 1
  end
  local message = vim.split(vim.trim(text), '\n', { plain = true })
  if empty < #lines then
    message[#message + 1] = ''
  end
  vim.api.nvim_buf_set_lines(buffer, 0, empty, false, message)
end

--- Asks for a message for what is staged, else for what has changed.
function M.message()
  local buffer = vim.api.nvim_get_current_buf()
  local commit = vim.bo[buffer].filetype == 'gitcommit'
  client_of.execute('commit_message', { vim.empty_dict() }, function(text)
    if commit and vim.api.nvim_buf_is_valid(buffer) then
      write(buffer, text)
    else
      report.open('commit message', vim.split(text, '\n', { plain = true }), 'gitcommit')
      vim.fn.setreg('"', text)
    end
  end)
end

return M
