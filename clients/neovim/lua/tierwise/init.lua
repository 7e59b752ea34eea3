--- Tierwise for Neovim 0.10 and later: `require('tierwise').setup{}`. See `:help tierwise`.
local config = require('tierwise.config')
local ghost = require('tierwise.ghost')

local M = {}

M.accept = ghost.accept
M.accept_word = ghost.accept_word
M.accept_line = ghost.accept_line
M.next = ghost.next
M.previous = ghost.previous
M.dismiss = ghost.dismiss
M.ghost_text = ghost.text

--- Starts the server for a buffer, or has it see one more.
---@param buffer integer
local function start_for(buffer)
  local root = vim.api.nvim_buf_is_loaded(buffer) and config.root(buffer)
  if root then
    vim.lsp.start(vim.tbl_extend('force', config.client(), { root_dir = root }), { bufnr = buffer })
  end
end

--- Starts the server for every buffer that it has business with.
function M.start()
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.enable('tierwise')
    return
  end
  vim.iter(vim.api.nvim_list_bufs()):each(start_for)
end

--- Sets everything up: from 0.11 on as the configuration `tierwise` of `vim.lsp.config`, before that by autocommands.
---@param options? tierwise.Options
function M.setup(options)
  config.take(options)
  vim.api.nvim_set_hl(0, 'TierwiseGhost', { link = 'Comment', default = true })
  vim.api.nvim_set_hl(0, 'TierwiseGhostHint', { link = 'NonText', default = true })
  if vim.lsp.config and vim.lsp.enable then
    local made = config.client()
    made.root_dir = function(buffer, done)
      local root = config.root(buffer)
      if root then
        done(root)
      end
    end
    vim.lsp.config('tierwise', made)
  else
    vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'FileType' }, {
      group = vim.api.nvim_create_augroup('tierwise.start', {}),
      callback = function(event)
        start_for(event.buf)
      end,
    })
  end
  M.start()
end

--- Changes a setting of every running server at once, for as long as Neovim runs.
---@param path string a key of docs/settings.md, such as `routing.mode`
---@param value any nil takes it back
function M.set(path, value)
  for _, client in ipairs(vim.lsp.get_clients({ name = 'tierwise' })) do
    local settings = client.settings
    settings.tierwise = settings.tierwise or {}
    local table_of, keys = settings.tierwise, vim.split(path, '.', { plain = true })
    for index = 1, #keys - 1 do
      local below = table_of[keys[index]]
      -- An empty table is a list for the encoder unless it says otherwise.
      table_of[keys[index]] = type(below) == 'table' and vim.deepcopy(below) or {}
      table_of = table_of[keys[index]]
    end
    table_of[keys[#keys]] = value
    require('tierwise.client').notify(client, 'workspace/didChangeConfiguration', { settings = settings })
  end
end

--- Returns a text for the statusline: who answered last and what today has cost. Empty without a server.
---@return string
function M.statusline()
  return require('tierwise.status').line()
end

return M
