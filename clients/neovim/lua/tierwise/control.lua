--- Subcommands that look at the router and steer it: status, decisions, costs, models, mode, pause.
local client_of = require('tierwise.client')
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

--- Returns one decision in some lines of Markdown.
---@param decision table
---@return string[]
local function told(decision)
  local rungs = {}
  local lines = {
    ('## %s %s'):format(decision.kind or decision.feature or '', decision.at or decision.when or ''),
    '',
    decision.reason or '',
    '',
  }
  for _, attempt in ipairs(decision.attempts or {}) do
    local cost = known(attempt.cost) and status_of.money(attempt.cost) or 'price unknown'
    local failure = known(attempt.failure) and ': ' .. tostring(attempt.failure) or ''
    rungs[#rungs + 1] = ('- %s (%s), %s%s'):format(attempt.model or '', attempt.tier or '', cost, failure)
  end
  return vim.list_extend(lines, rungs)
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
        client_of.say(('%s: %s, until Neovim ends. To keep it, set %s in setup{}'):format(feature.title, id or 'as routed', feature.setting))
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

---@param title string
---@param value any
---@param lines string[]
---@param depth integer
local function outline(title, value, lines, depth)
  if type(value) ~= 'table' then
    lines[#lines + 1] = ('%s- %s: %s'):format(('  '):rep(depth), title, known(value) and tostring(value) or 'unknown')
    return
  end
  if title ~= '' then
    lines[#lines + 1] = ('%s- %s:'):format(('  '):rep(depth), title)
  end
  local keys = vim.tbl_keys(value)
  table.sort(keys, function(one, other)
    return tostring(one) < tostring(other)
  end)
  for _, key in ipairs(keys) do
    outline(tostring(key), value[key], lines, title ~= '' and depth + 1 or depth)
  end
end

---@type table<string, tierwise.Subcommand>
M.subcommands = {
  status = {
    title = 'who is at work, what today has cost, what is wrong',
    run = function()
      client_of.ask('tierwise/status', vim.empty_dict(), function(status)
        client_of.say(table.concat(status_of.lines(status), '\n'))
      end)
    end,
  },
  why = {
    title = 'why the last decisions fell as they did: why [HOW MANY]',
    run = function(call)
      client_of.ask('tierwise/decisions', { last = tonumber(call.words) or 20 }, function(answer)
        local lines = { '# Decisions', '' }
        for _, decision in ipairs(answer.decisions) do
          vim.list_extend(lines, told(decision))
          lines[#lines + 1] = ''
        end
        report.open('why', lines)
      end)
    end,
  },
  report = {
    title = 'what it cost, by feature, tier and model: report [DAYS]',
    run = function(call)
      client_of.ask('tierwise/report', { days = tonumber(call.words) or 30 }, function(answer)
        local lines = { '# Costs', '' }
        outline('', answer, lines, 0)
        report.open('costs', lines)
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
        vim.fn.writefile(vim.split(answer.html, '\n', { plain = true }), path)
        local _, problem = vim.ui.open(path)
        client_of.say(problem and ('the page is in ' .. path) or 'opened ' .. path)
      end)
    end,
  },
}

return M
