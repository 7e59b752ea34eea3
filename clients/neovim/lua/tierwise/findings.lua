--- Findings in the whole workspace, pulled as soon as there are new ones. Neovim itself pulls those of a file when it
--- changes, those of others when asked to or never, and none of an open file when they are found later.
local client_of = require('tierwise.client')

local M = {}

local method = 'workspace/diagnostic'
local namespace = vim.api.nvim_create_namespace('tierwise.findings')

--- Milliseconds until the server is asked again after it refused.
local PAUSE = 5000

---@param diagnostic lsp.Diagnostic
---@return vim.Diagnostic
local function converted(diagnostic)
  local from, to = diagnostic.range.start, diagnostic.range['end']
  return {
    lnum = from.line,
    -- The file is not loaded: columns are exact where its lines are ASCII.
    col = from.character,
    end_lnum = to.line,
    end_col = to.character,
    severity = diagnostic.severity,
    message = diagnostic.message,
    source = diagnostic.source,
    code = diagnostic.code,
    user_data = { lsp = diagnostic },
  }
end

---@param client vim.lsp.Client
---@param report lsp.WorkspaceFullDocumentDiagnosticReport
local function show(client, report)
  local buffer = vim.uri_to_bufnr(report.uri)
  if vim.lsp.buf_is_attached(buffer, client.id) then
    -- Open files have diagnostics of their own, with columns that follow the text.
    local params = { identifier = 'tierwise', textDocument = { uri = report.uri } }
    client_of.request(client, 'textDocument/diagnostic', params, nil, buffer)
  else
    vim.diagnostic.set(namespace, buffer, vim.tbl_map(converted, report.items))
  end
end

---@param client vim.lsp.Client
---@param known table<string, string> result ids by URI
local function pull(client, known)
  local previous = {}
  for uri, id in pairs(known) do
    previous[#previous + 1] = { uri = uri, value = id }
  end
  client_of.request(client, method, { identifier = 'tierwise', previousResultIds = previous }, function(err, result)
    if not vim.lsp.get_client_by_id(client.id) then
      return
    end
    for _, report in ipairs(result and result.items or {}) do
      known[report.uri] = report.resultId
      if report.kind == 'full' then
        show(client, report)
      end
    end
    -- The server holds the next request until it has something new.
    vim.defer_fn(function()
      if vim.lsp.get_client_by_id(client.id) then
        pull(client, known)
      end
    end, err and PAUSE or 100)
  end)
end

--- Shows what is known of a client's workspace, from now on.
---@param client vim.lsp.Client
function M.begin(client)
  local provider = client.server_capabilities.diagnosticProvider
  if type(provider) == 'table' and provider.workspaceDiagnostics then
    vim.schedule(function()
      pull(client, {})
    end)
  end
end

--- An open file is pulled for itself.
---@param buffer integer
function M.attached(buffer)
  vim.diagnostic.reset(namespace, buffer)
end

return M
