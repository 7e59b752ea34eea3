--- Subcommands that look at the router and steer it: status, decisions, costs, models, mode, pause.
local client_of = require('tierwise.client')
local pages = require('tierwise.pages')
local report = require('tierwise.report')
local status_of = require('tierwise.status')

local M = {}

local MODES = { 'rules', 'cascade', 'learned' }

--- Returns the kinds of work that the server knows.
---@return string[]
function M.kinds()
  local client = client_of.of()
  local inward = { accepted = true, act = true, run = true, undo = true, clear = true, scan = true, dismiss = true }
  local kinds = {}
  for _, name in ipairs(client and client.server_capabilities.executeCommandProvider.commands or {}) do
    local kind = name:match('^tierwise%.(.+)$')
    if kind and not inward[kind] then
      kinds[#kinds + 1] = kind
    end
  end
  return kinds
end

---@param value any
local function known(value)
  return value ~= nil and value ~= vim.NIL
end

--- Lets the user choose a model for a feature or a kind of task.
---@param answer { features: table[], models: table[] }
local function choose(answer)
  vim.ui.select(answer.features, {
    prompt = 'Model for',
    format_item = function(feature)
      return ('%s: %s'):format(feature.title, known(feature.model) and feature.model or 'as routed')
    end,
  }, function(feature)
    if not feature then
      return
    end
    local models = { { id = vim.NIL } }
    vim.list_extend(models, answer.models)
    vim.ui.select(models, { prompt = feature.title, format_item = M.model_line }, function(model)
      if model then
        local id = known(model.id) and model.id or nil
        require('tierwise').set(feature.setting, id)
        local said = '%s: %s, until Neovim ends. To keep it, set %s in setup{}'
        client_of.say(said:format(feature.title, id or 'as routed', feature.setting))
      end
    end)
  end)
end

--- Returns a model with what is known of it, for a list.
---@param model table
---@return string
function M.model_line(model)
  if not known(model.id) then
    return 'as routed'
  end
  local parts = { ('%-32s %-8s'):format(model.id, model.tier or '') }
  if known(model.input) and known(model.output) then
    parts[#parts + 1] = ('$%g in, $%g out per million'):format(model.input, model.output)
  end
  if known(model.latency) then
    parts[#parts + 1] = ('%.1f s'):format(model.latency)
  end
  if known(model.acceptance) then
    parts[#parts + 1] = ('%d%% taken of %d'):format(math.floor(model.acceptance * 100 + 0.5), model.calls or 0)
  end
  return table.concat(parts, ' · ')
end

---@type table<string, tierwise.Subcommand>
M.subcommands = {
  status = {
    title = 'who is at work, what today has cost, what is wrong',
    run = function()
      client_of.ask('tierwise/status', vim.empty_dict(), function(status)
        report.open('status', vim.list_extend({ '# Tierwise', '' }, status_of.lines(status)))
      end)
    end,
  },
  why = {
    title = 'why the last decisions fell as they did: why [HOW MANY]',
    run = function(call)
      client_of.ask('tierwise/decisions', { last = tonumber(call.words) or 20 }, function(answer)
        report.open('why', pages.why(answer.decisions))
      end)
    end,
  },
  report = {
    title = 'what it cost, by feature, kind, tier and model: report [DAYS]',
    run = function(call)
      local days = tonumber(call.words) or 30
      client_of.ask('tierwise/report', { days = days }, function(answer)
        report.open('costs', pages.costs(answer, days))
      end)
    end,
  },
  models = {
    title = 'choose the model of a feature or a kind of task',
    run = function()
      client_of.ask('tierwise/models', vim.empty_dict(), choose)
    end,
  },
  mode = {
    title = 'how it is decided who answers: mode [rules|cascade|learned] [QUALITY 0..1]',
    complete = function()
      return vim.deepcopy(MODES)
    end,
    run = function(call)
      local mode, quality = call.arguments[1], tonumber(call.arguments[2])
      local function set(chosen)
        if not vim.tbl_contains(MODES, chosen) then
          return chosen and client_of.say(('there is no mode "%s"'):format(chosen), vim.log.levels.ERROR)
        end
        require('tierwise').set('routing.mode', chosen)
        if quality then
          require('tierwise').set('routing.quality', quality)
        end
        client_of.say('mode ' .. chosen .. (quality and (', quality %g'):format(quality) or ''))
      end
      if mode then
        set(mode)
      else
        vim.ui.select(MODES, { prompt = 'Mode' }, set)
      end
    end,
  },
  pause = {
    title = 'ask nobody unless you ask; again: go on',
    run = function()
      local status = status_of.now()
      local paused = not (status and status.paused == true)
      client_of.ask('tierwise/pause', { paused = paused }, function(now)
        client_of.say(now.paused and 'paused: nothing is asked by itself' or 'goes on')
      end)
    end,
  },
  dashboard = {
    title = 'costs and decisions as a page in the browser: dashboard [DAYS]',
    run = function(call)
      client_of.ask('tierwise/dashboard', { days = tonumber(call.words) or 30 }, function(answer)
        local path = vim.fs.joinpath(vim.fn.stdpath('cache') --[[@as string]], 'tierwise-dashboard.html')
        vim.fn.mkdir(vim.fs.dirname(path), 'p')
        vim.fn.writefile(vim.split(answer.html, '\n', { plain = true }), path)
        local _, problem = vim.ui.open(path)
        client_of.say(problem and ('the page is in ' .. path) or 'opened ' .. path)
      end)
    end,
  },
}

return M
