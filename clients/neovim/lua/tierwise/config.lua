--- What the user may set, and the client's configuration that is made of it.
local M = {}

---@class tierwise.Options
---@field cmd? string[] how the server is started (default: `{ 'tierwise', 'lsp' }`)
---@field cmd_env? table<string, string> environment variables for the server beside those of Neovim
---@field settings? tierwise.Settings|fun(root: string): tierwise.Settings as in docs/settings.md
---@field filetypes? string[] only buffers of these file types (default: all)
---@field root_markers? string[] what the root of a project holds (default: `.tierwise.toml`, `.git`)
---@field enabled? fun(buffer: integer): boolean whether the server shall see a buffer at all
---@field ghost_text? boolean whether suggestions are shown as ghost text (default: true)
---@field workspace_findings? boolean whether findings in files that are not open are shown too (default: true)
---@field preview? boolean whether changes of several files are shown before they are made (default: true)
---@field restart? boolean whether a server that died is started again (default: true)
---@field on_attach? fun(client: vim.lsp.Client, buffer: integer) called for every buffer, for maps

local WITHOUT_DEFAULT = { 'cmd_env', 'settings', 'filetypes', 'enabled', 'on_attach' }

---@type tierwise.Options
M.defaults = {
  cmd = { 'tierwise', 'lsp' },
  root_markers = { '.tierwise.toml', '.git' },
  ghost_text = true,
  workspace_findings = true,
  preview = true,
  restart = true,
}

---@type tierwise.Options
M.options = vim.deepcopy(M.defaults)

--- Takes the user's options.
---@param options? tierwise.Options
function M.take(options)
  M.options = vim.tbl_extend('force', vim.deepcopy(M.defaults), options or {})
  for name in pairs(options or {}) do
    if M.defaults[name] == nil and not vim.tbl_contains(WITHOUT_DEFAULT, name) then
      local said = ('setup knows no option "%s"; see :help tierwise-options'):format(name)
      require('tierwise.client').say(said, vim.log.levels.WARN)
    end
  end
end

--- Returns the root of a buffer's project, or nil where the server has no business with the buffer.
---@param buffer integer
---@return string?
function M.root(buffer)
  local name, options = vim.api.nvim_buf_get_name(buffer), M.options
  if name == '' or vim.bo[buffer].buftype ~= '' or name:find('^%a[%w+.-]+://') then
    return nil
  end
  if options.filetypes and not vim.tbl_contains(options.filetypes, vim.bo[buffer].filetype) then
    return nil
  end
  if options.enabled and not options.enabled(buffer) then
    return nil
  end
  return vim.fs.root(buffer, options.root_markers) or vim.fs.dirname(name)
end

---@param root string
---@return tierwise.Settings
function M.settings(root)
  local settings = M.options.settings
  if type(settings) == 'function' then
    settings = settings(root)
  end
  return settings and vim.deepcopy(settings) or vim.empty_dict()
end

---@return lsp.ClientCapabilities
local function capabilities()
  local made = vim.lsp.protocol.make_client_capabilities()
  made.textDocument.inlineCompletion = M.options.ghost_text and { dynamicRegistration = false } or nil
  -- The preview asks better than a prompt for each file does. Not nil: Neovim would fill in its own.
  made.workspace.workspaceEdit.changeAnnotationSupport = false
  made.workspace.workspaceEdit.documentChanges = true
  return made
end

--- Returns the configuration of the client, without a root.
---@return vim.lsp.ClientConfig
function M.client()
  local handlers = require('tierwise.handlers')
  return {
    name = 'tierwise',
    cmd = M.options.cmd,
    cmd_env = M.options.cmd_env,
    capabilities = capabilities(),
    handlers = handlers.table(),
    before_init = function(params, config)
      -- In place: the client has this very table by now.
      local given = config.settings.tierwise or vim.empty_dict()
      config.settings.tierwise = vim.tbl_deep_extend('force', given, M.settings(config.root_dir or ''))
      params.initializationOptions = config.settings.tierwise
    end,
    on_init = handlers.begun,
    on_attach = handlers.attached,
    on_exit = handlers.ended,
    settings = { tierwise = vim.empty_dict() },
  }
end

return M
