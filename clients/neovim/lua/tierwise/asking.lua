--- What is added to requests that Neovim itself makes of the server.
local M = {}

--- Returns a diagnostic as its server wrote it, or as it would have.
---@param diagnostic vim.Diagnostic
---@return lsp.Diagnostic
local function as_written(diagnostic)
  local written = vim.tbl_get(diagnostic, 'user_data', 'lsp')
  if written and written.range then
    return written
  end
  return {
    range = {
      start = { line = diagnostic.lnum, character = diagnostic.col },
      ['end'] = { line = diagnostic.end_lnum or diagnostic.lnum, character = diagnostic.end_col or diagnostic.col },
    },
    message = diagnostic.message,
    severity = diagnostic.severity,
    source = diagnostic.source,
    code = diagnostic.code,
  }
end

--- Adds what other servers and linters say of the lines that actions are asked for: Neovim sends a server its own
--- diagnostics only, and here those of others can be fixed too.
---@param params lsp.CodeActionParams
---@param buffer integer
local function with_diagnostics(params, buffer)
  local from, to = params.range.start.line, params.range['end'].line
  local context, known = params.context, {}
  for _, diagnostic in ipairs(context.diagnostics) do
    known[diagnostic.message .. diagnostic.range.start.line] = true
  end
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    local last = diagnostic.end_lnum or diagnostic.lnum
    if diagnostic.lnum <= to and last >= from and not known[diagnostic.message .. diagnostic.lnum] then
      table.insert(context.diagnostics, as_written(diagnostic))
    end
  end
end

--- Changes what a client sends, for as long as it lives.
---@param client vim.lsp.Client
---@param around? fun(method: string, params: table, handler: function, buffer: integer): function
function M.begin(client, around)
  local request = client.request
  local with_self = vim.fn.has('nvim-0.11') == 1
  local function changed(method, params, handler, buffer)
    if method == 'textDocument/codeAction' then
      with_diagnostics(params, vim.uri_to_bufnr(params.textDocument.uri))
    end
    return around and handler and around(method, params, handler, buffer) or handler
  end
  ---@diagnostic disable-next-line: duplicate-set-field
  client.request = with_self and function(self, method, params, handler, buffer)
    return request(self, method, params, changed(method, params, handler, buffer), buffer)
  end or function(method, params, handler, buffer)
    return request(method, params, changed(method, params, handler, buffer), buffer)
  end
end

return M
