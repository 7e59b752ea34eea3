--- What is done when the server starts, attaches, asks, tells and ends.
local client_of = require('tierwise.client')

local M = {}

--- Deaths within so many milliseconds count together; after so many of them the server is left alone.
local SPAN, DEATHS = 180000, 4

--- Buffers of each running client, and when clients died.
---@type table<integer, { config: vim.lsp.ClientConfig, buffers: table<integer, true>, again?: boolean }>
local alive = {}
---@type integer[]
local deaths = {}

local function options()
  return require('tierwise.config').options
end

--- Returns the handlers of what the server sends.
---@return table<string, lsp.Handler>
function M.table()
  local document = vim.lsp.handlers['window/showDocument']
  return {
    ['tierwise/status'] = function(_, status, context)
      require('tierwise.status').heard(status, context.client_id)
    end,
    ['workspace/diagnostic/refresh'] = function()
      return vim.NIL -- findings.lua waits for them already
    end,
    ['workspace/applyEdit'] = function(_, params, context)
      return require('tierwise.preview').answer(params, context, options().preview)
    end,
    ['window/showDocument'] = function(err, params, context, config)
      local report = require('tierwise.report')
      if report.is_one(params) then
        report.show(vim.uri_to_fname(params.uri))
        return { success = true }
      end
      return document(err, params, context, config)
    end,
  }
end

--- Begins with a new client.
---@param client vim.lsp.Client
function M.begun(client)
  alive[client.id] = { config = client.config, buffers = {} }
  local listener = options().ghost_text and require('tierwise.ghost').listener(client)
  require('tierwise.asking').begin(client, listener or nil)
  if options().workspace_findings then
    require('tierwise.findings').begin(client)
  end
end

---@param client vim.lsp.Client
---@param buffer integer
function M.attached(client, buffer)
  if alive[client.id] then
    alive[client.id].buffers[buffer] = true
  end
  if options().ghost_text then
    require('tierwise.ghost').enable(buffer, true)
  end
  require('tierwise.findings').attached(buffer)
  if options().on_attach then
    options().on_attach(client, buffer)
  end
end

---@param config vim.lsp.ClientConfig
---@param buffers table<integer, true>
local function start_again(config, buffers)
  for buffer in pairs(buffers) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      vim.lsp.start(config, { bufnr = buffer })
    end
  end
end

---@param was { config: vim.lsp.ClientConfig, buffers: table<integer, true> }
---@param code integer
---@param signal integer
local function after_death(was, code, signal)
  local now = vim.uv.now()
  deaths = vim.tbl_filter(function(at)
    return now - at < SPAN
  end, deaths)
  deaths[#deaths + 1] = now
  if #deaths > DEATHS then
    local said = 'the server keeps dying: see :checkhealth tierwise. :Tierwise restart starts it'
    client_of.say(said, vim.log.levels.ERROR)
    return
  end
  client_of.say(('the server died (code %d, signal %d) and is started again'):format(code, signal), vim.log.levels.WARN)
  vim.defer_fn(function()
    start_again(was.config, was.buffers)
  end, 200 * #deaths)
end

--- Starts the server again where it died by itself, unless it does so all the time.
---@param code integer
---@param signal integer
---@param id integer
function M.ended(code, signal, id)
  local was = alive[id]
  alive[id] = nil
  vim.schedule(function()
    require('tierwise.status').forget(id)
    local by_itself = code ~= 0 or (signal ~= 0 and signal ~= 15)
    if not was or vim.v.exiting ~= vim.NIL then
      return
    elseif was.again then
      start_again(was.config, was.buffers)
    elseif by_itself and options().restart then
      after_death(was, code, signal)
    end
  end)
end

--- Stops every client of ours and starts it anew for the same buffers.
function M.restart()
  deaths = {}
  local clients = vim.lsp.get_clients({ name = client_of.NAME })
  for _, client in ipairs(clients) do
    if alive[client.id] then
      alive[client.id].again = true
    end
    client_of.stop(client)
  end
  if #clients == 0 then
    require('tierwise').start()
  end
end

return M
