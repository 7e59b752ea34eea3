-- The server for those who do without the plugin: copy this file to ~/.config/nvim/lsp/ (Neovim 0.11 and later) and call
-- vim.lsp.enable('tierwise'). Ghost text needs 0.12: vim.lsp.inline_completion.enable(true).
-- require('tierwise').setup{} of the plugin replaces what is said here.
return {
  cmd = { 'tierwise', 'lsp' },
  -- No filetypes: every file may be completed. Buffers without a file, such as the empty one at the start, are left out.
  root_dir = function(buffer, start)
    local name = vim.api.nvim_buf_get_name(buffer)
    if name ~= '' and vim.bo[buffer].buftype == '' then
      start(vim.fs.root(buffer, { '.tierwise.toml', '.git' }) or vim.fs.dirname(name))
    end
  end,
  settings = { tierwise = vim.empty_dict() },
}
