--- The ledger in Markdown: why decisions fell as they did, and what they cost.
local money = require('tierwise.status').money

local M = {}

---@param value any
local function known(value)
  return value ~= nil and value ~= vim.NIL
end

---@param iso string
---@return string
local function minute(iso)
  return (iso:gsub('T', ' ')):sub(1, 16)
end

--- Returns why an attempt was not the answer, or an empty string.
---@param attempt table
---@return string
local function trouble(attempt)
  if known(attempt.failure) then
    return ': ' .. attempt.failure.message
  end
  for _, verdict in ipairs(attempt.verdicts or {}) do
    if not verdict.passed and not verdict.skipped then
      return (': %s %s'):format(verdict.check, verdict.reason)
    end
  end
  return ''
end

--- Returns one decision in some lines.
---@param decision table
---@return string[]
local function told(decision)
  local price = known(decision.cost) and money(decision.cost) or 'price unknown'
  local lines = {
    ('## %s · %s · %s'):format(decision.kind, minute(decision.at), price),
    '',
    decision.reason,
    '',
  }
  for _, attempt in ipairs(decision.attempts) do
    local cost = attempt.called and (', ' .. money(attempt.cost)) or ''
    local seconds = known(attempt.seconds) and (' in %.1f s'):format(attempt.seconds) or ''
    local who = ('- %s %s: %s'):format(attempt.tier, attempt.model, attempt.result)
    lines[#lines + 1] = who .. seconds .. cost .. trouble(attempt)
  end
  local became = vim.tbl_map(function(note)
    return note.signal
  end, decision.feedback or {})
  if #became > 0 then
    vim.list_extend(lines, { '', 'What became of it: ' .. table.concat(became, ', ') })
  end
  lines[#lines + 1] = ''
  return lines
end

--- Returns a page about decisions, the newest first.
---@param decisions table[]
---@return string[]
function M.why(decisions)
  local lines = { '# Who answered, and why', '' }
  for _, decision in ipairs(decisions) do
    vim.list_extend(lines, told(decision))
  end
  if #decisions == 0 then
    lines[#lines + 1] = 'Nothing was decided yet.'
  end
  return lines
end

---@param line table
---@param name string
---@return string
local function row(line, name)
  local share = known(line.acceptance) and math.floor(line.acceptance * 100 + 0.5)
  local taken = share and ('%d%% of %d'):format(share, line.shown) or '–'
  local waited = known(line.waited) and ('%.1f s'):format(line.waited.p50) or '–'
  local cost = money(line.cost) .. (line.unpriced > 0 and (' + %d unpriced'):format(line.unpriced) or '')
  return ('| %-34s | %8d | %6d | %10s | %10s | %8s |'):format(name, line.requests, line.calls, cost, taken, waited)
end

--- Returns a page about costs.
---@param report table as `tierwise report --json`
---@param days integer
---@return string[]
function M.costs(report, days)
  local lines = { ('# What the last %d days have cost'):format(days), '' }
  local head = '| %-34s | %8s | %6s | %10s | %10s | %8s |'
  for _, name in ipairs({ 'feature', 'kind', 'tier', 'model', 'day' }) do
    if report.by[name] then
      lines[#lines + 1] = head:format('by ' .. name, 'requests', 'calls', 'cost', 'taken', 'median')
      lines[#lines + 1] = '|' .. ('-'):rep(36) .. '|---------:|-------:|-----------:|-----------:|---------:|'
      for _, line in ipairs(report.by[name]) do
        lines[#lines + 1] = row(line, line.name)
      end
      vim.list_extend(lines, { row(report.total, 'all'), '' })
    end
  end
  local compared = report.counterfactual
  if known(compared) and known(compared.saved) then
    local saved = 'Saved, by an estimate, against asking the frontier tier always: %s.'
    lines[#lines + 1] = saved:format(money(compared.saved))
  end
  return lines
end

return M
