--- Documents to read, in scratch buffers: those that the server writes while a model answers, and those made here.
local M = {}

--- Milliseconds between two looks at a report that is still being written.
local RHYTHM = 300

--- Opens a scratch buffer in a split, or the window that shows it already.
---@param name string
---@param lines string[]
---@param filetype? string
---@return integer buffer
function M.open(name, lines, filetype)
  local full = 'tierwise://' .. name
  local buffer = vim.fn.bufnr('^' .. vim.fn.escape(full, '[]*?{}\\') .. '$')
  if buffer == -1 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, full)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close' })
  end
  M.fill(buffer, lines)
  vim.bo[buffer].filetype = filetype or 'markdown'
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd('botright split')
    window = vim.api.nvim_get_current_win()
    vim.api.nvim_win_set_buf(window, buffer)
    vim.wo[window].wrap, vim.wo[window].linebreak = true, true
  else
    vim.api.nvim_set_current_win(window)
  end
  return buffer
end

--- Replaces the lines of a scratch buffer; a window that stands at its end stays there.
---@param buffer integer
---@param lines string[]
function M.fill(buffer, lines)
  local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  if vim.deep_equal(before, lines) then
    return
  end
  vim.bo[buffer].modifiable = true
  local same = 0
  while same < #before and same < #lines and before[same + 1] == lines[same + 1] do
    same = same + 1
  end
  vim.api.nvim_buf_set_lines(buffer, same, -1, false, vim.list_slice(lines, same + 1))
  vim.bo[buffer].modifiable = false
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    if vim.api.nvim_win_get_cursor(window)[1] >= #before and #before > 1 then
      vim.api.nvim_win_set_cursor(window, { #lines, 0 })
    end
  end
end

--- Whether the server wants a report to be shown.
---@param params lsp.ShowDocumentParams
---@return boolean
function M.is_one(params)
  return not params.external and params.uri:match('/reports/[^/]+%.md$') ~= nil
end

---@param path string
---@return string[]
local function lines_of(path)
  local read, lines = pcall(vim.fn.readfile, path)
  return read and lines or {}
end

--- Shows a report and follows its file while the buffer is there.
---@param path string
function M.show(path)
  local buffer = M.open(vim.fs.basename(path), lines_of(path))
  local watch = assert(vim.uv.new_fs_poll())
  watch:start(
    path,
    RHYTHM,
    vim.schedule_wrap(function()
      if vim.api.nvim_buf_is_valid(buffer) then
        M.fill(buffer, lines_of(path))
      elseif not watch:is_closing() then
        watch:close()
      end
    end)
  )
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buffer,
    once = true,
    callback = function()
      if not watch:is_closing() then
        watch:close()
      end
    end,
  })
end

return M
