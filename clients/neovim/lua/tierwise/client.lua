--- The server as the plugin sees it: found, asked, told, executed, in the words of every supported Neovim.
local M = {}

M.NAME = 'tierwise'

local METHOD_NOT_FOUND = -32601
local REQUEST_CANCELLED = -32800

--- Calls a method of a client; they took no `self` before Neovim 0.11.
---@param client vim.lsp.Client
---@param name string
local function call(client, name, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[name](client, ...)
  end
  return client[name](...)
end

--- Returns the client of a buffer, else any that runs.
---@param buffer? integer
---@return vim.lsp.Client?
function M.of(buffer)
  local here = vim.lsp.get_clients({ name = M.NAME, bufnr = buffer or vim.api.nvim_get_current_buf() })[1]
  return here or vim.lsp.get_clients({ name = M.NAME })[1]
end

--- Tells the user something.
---@param text string
---@param level? integer one of vim.log.levels
function M.say(text, level)
  vim.notify('Tierwise: ' .. text, level or vim.log.levels.INFO)
end

--- Tells the server something.
---@param client vim.lsp.Client
---@param method string
---@param params table
function M.notify(client, method, params)
  call(client, 'notify', method, params)
end

--- Asks the server; `done` gets the error and the result. Returns the request's number, or nil where the server is
--- gone.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param done? fun(err: lsp.ResponseError?, result: any) nil leaves it to Neovim
---@param buffer? integer
---@return integer?
function M.request(client, method, params, done, buffer)
  local sent, id = call(client, 'request', method, params, done, buffer or 0)
  return sent and id or nil
end

---@param client vim.lsp.Client
---@param id integer
function M.cancel(client, id)
  call(client, 'cancel_request', id)
end

---@param client vim.lsp.Client
function M.stop(client)
  call(client, 'stop')
end

--- Says what went wrong with a request, in a sentence; nothing where the user cancelled it himself.
---@param method string
---@param err lsp.ResponseError
function M.complain(method, err)
  if err.code == METHOD_NOT_FOUND then
    local said = 'this server does not know %s. Install a newer one: pipx upgrade tierwise'
    M.say(said:format(method), vim.log.levels.WARN)
  elseif err.code ~= REQUEST_CANCELLED then
    M.say(err.message or tostring(err.code), vim.log.levels.ERROR)
  end
end

--- Asks the server of the current buffer; `done` is called with the result only. Without a server the user is told.
---@param method string
---@param params table
---@param done fun(result: any)
---@return integer? id, vim.lsp.Client? client
function M.ask(method, params, done)
  local client = M.of()
  if not client then
    M.say('the server does not run here. Open a file, or see :checkhealth tierwise', vim.log.levels.WARN)
    return nil
  end
  local id = M.request(client, method, params, function(err, result)
    if err then
      M.complain(method, err)
    else
      done(result)
    end
  end)
  return id, client
end

--- Requests that run for the user, by number, for `:Tierwise cancel`.
---@type table<integer, vim.lsp.Client>
local running = {}

--- Has the server execute a command for the current buffer.
---@param command string without `tierwise.`
---@param arguments any[]
---@param done? fun(result: any)
function M.execute(command, arguments, done)
  local id, client
  local method, params = 'workspace/executeCommand', { command = 'tierwise.' .. command, arguments = arguments }
  client = M.of()
  if not client then
    M.say('the server does not run here. Open a file, or see :checkhealth tierwise', vim.log.levels.WARN)
    return
  end
  id = M.request(client, method, params, function(err, result)
    running[id or -1] = nil
    if err then
      M.complain(params.command, err)
    elseif done then
      done(result)
    end
  end)
  if id then
    running[id] = client
  end
end

--- Cancels everything that runs for the user; the models are no longer asked.
---@return integer how many
function M.cancel_all()
  local count = vim.tbl_count(running)
  for id, client in pairs(running) do
    M.cancel(client, id)
  end
  running = {}
  return count
end

return M
