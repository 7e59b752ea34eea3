--- What the server says of itself, kept for the statusline.
local client_of = require('tierwise.client')

local M = {}

---@class tierwise.Status
---@field busy boolean
---@field kind string 'normal' or 'warning'
---@field tier string
---@field model string
---@field costToday number dollars
---@field unpricedCalls integer
---@field problems string[]
---@field savedToday? number dollars, estimated
---@field paused? boolean
---@field mode? string
---@field quality? number
---@field budget? table

---@type table<integer, tierwise.Status>
local last = {}

---@param status tierwise.Status
---@param client_id integer
function M.heard(status, client_id)
  last[client_id] = status
  vim.api.nvim_exec_autocmds('User', { pattern = 'TierwiseStatus', data = status, modeline = false })
  vim.cmd.redrawstatus()
end

---@param client_id integer
function M.forget(client_id)
  last[client_id] = nil
end

---@return tierwise.Status?
function M.now()
  local client = client_of.of()
  return client and last[client.id]
end

---@param value any
local function known(value)
  return value ~= nil and value ~= vim.NIL
end

--- Returns dollars in words: cents where there are any, more digits where there are none.
---@param dollars? number
---@return string
function M.money(dollars)
  if not known(dollars) then
    return 'unknown'
  end
  if dollars > 0 and dollars < 0.0001 then
    return '<$0.0001'
  end
  return (dollars ~= 0 and dollars < 0.01) and ('$%.4f'):format(dollars) or ('$%.2f'):format(dollars)
end

--- Returns one line: `tierwise fast $0.03`, with a star while a model is at work and a `!` where something is wrong.
---@return string
function M.line()
  local status = M.now()
  if not status then
    return client_of.of() and 'tierwise' or ''
  end
  local state = status.paused == true and 'paused' or (status.tier ~= '' and status.tier or 'ready')
  local marks = (status.busy and '*' or '') .. (status.kind == 'warning' and '!' or '')
  return ('tierwise %s%s %s'):format(state, marks, M.money(status.costToday))
end

---@param limit any
---@param title string
---@return string?
local function budget(limit, title)
  return known(limit) and ('%s %s of %s'):format(title, M.money(limit.spent), M.money(limit.limit)) or nil
end

--- Returns what the server says of itself, line by line.
---@param status tierwise.Status
---@return string[]
function M.lines(status)
  local lines = {
    status.busy and ('At work: %s (%s)'):format(status.model, status.tier)
      or status.model ~= '' and ('Last: %s (%s)'):format(status.model, status.tier)
      or 'Nobody was asked yet.',
    ('Today: %s%s'):format(
      M.money(status.costToday),
      status.unpricedCalls > 0 and (' and %d calls of unknown price'):format(status.unpricedCalls) or ''
    ),
  }
  local function add(line)
    lines[#lines + 1] = line
  end
  add(known(status.savedToday) and ('Saved today: about %s'):format(M.money(status.savedToday)) or nil)
  add(known(status.mode) and ('Mode: %s, quality %s'):format(status.mode, tostring(status.quality)) or nil)
  add(status.paused == true and 'Paused: nothing is asked by itself.' or nil)
  if known(status.budget) then
    add(budget(status.budget.day, 'Budget of the day:'))
    add(budget(status.budget.month, 'Budget of the month:'))
  end
  for _, problem in ipairs(status.problems or {}) do
    add('Problem: ' .. problem)
  end
  return lines
end

return M
