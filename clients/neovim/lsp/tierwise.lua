-- Tierwise for Neovim's own client (0.11 and later): put this folder on the runtimepath and call
-- vim.lsp.enable('tierwise'). Ghost text needs 0.12: vim.lsp.inline_completion.enable(true).
return {
  cmd = { 'tierwise', 'lsp' },
  root_markers = { '.tierwise.toml', '.git' },
  -- No filetypes: every file may be completed. What is ignored or secret stays on this machine all the same.
  settings = { tierwise = vim.empty_dict() },
}
