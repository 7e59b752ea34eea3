--- `:Tierwise WHAT …`: everything that can be asked for by name.
local client_of = require('tierwise.client')
local report = require('tierwise.report')

local M = {}

---@class tierwise.Call
---@field words string what stands behind the name of the subcommand
---@field arguments string[]
---@field ranged boolean
---@field first integer
---@field last integer

---@class tierwise.Subcommand
---@field run fun(call: tierwise.Call)
---@field complete? fun(): string[]
---@field title string

--- Returns the place that a command is about: the lines given, else the cursor.
---@param call tierwise.Call
---@param encoding string
---@return table
local function place(call, encoding)
  if vim.bo.buftype ~= '' or vim.api.nvim_buf_get_name(0) == '' then
    return {}
  end
  local range
  if call.ranged then
    local last = vim.fn.getline(call.last)
    local stop = encoding == 'utf-8' and #last or require('tierwise.ghost.part').utf16(last)
    range = { start = { line = call.first - 1, character = 0 }, ['end'] = { line = call.last - 1, character = stop } }
  else
    local position = vim.lsp.util.make_position_params(0, encoding).position
    range = { start = position, ['end'] = position }
  end
  return { uri = vim.uri_from_bufnr(0), range = range }
end

--- Says what came of a command.
---@param result any
local function tell(result)
  if type(result) == 'string' then
    report.open('answer', vim.split(result, '\n', { plain = true }))
  elseif type(result) == 'table' and result.applied then
    local cost = require('tierwise.status').money(result.cost)
    local who = result.model and (', by %s for %s'):format(result.model, cost) or ''
    client_of.say('done' .. who)
  end
end

--- Runs a kind of work, asking for the instruction first where it needs one and none was given.
---@param kind string
---@param call tierwise.Call
---@param prompt? string
---@param done? fun(result: any)
function M.work(kind, call, prompt, done)
  local client = client_of.of()
  local said = place(call, client and client.offset_encoding or 'utf-16')
  if client and said.uri and not vim.lsp.buf_is_attached(0, client.id) then
    said = {}
  end
  local function go(instruction)
    if prompt and (instruction or '') == '' then
      return
    end
    said.instruction = instruction ~= '' and instruction or nil
    client_of.execute(kind, { vim.tbl_isempty(said) and vim.empty_dict() or said }, done or tell)
  end
  if prompt and call.words == '' then
    vim.ui.input({ prompt = prompt }, go)
  else
    go(call.words)
  end
end

---@type table<string, tierwise.Subcommand>
M.subcommands = {
  edit = {
    title = 'change the file or the selected lines as you say',
    run = function(call)
      M.work('edit', call, 'Change: ')
    end,
  },
  ask = {
    title = 'ask about the code; the answer is a document',
    run = function(call)
      M.work('ask', call, 'Ask: ')
    end,
  },
  refactor = {
    title = 'a refactoring over several files, shown before it is made',
    run = function(call)
      M.work('refactor_files', call, 'Refactor: ')
    end,
  },
  run = {
    title = 'any kind of work: run KIND [instruction]',
    complete = function()
      return require('tierwise.control').kinds()
    end,
    run = function(call)
      local kind, words = call.words:match('^(%S+)%s*(.*)$')
      if not kind then
        return client_of.say('say which kind: :Tierwise run KIND [instruction]', vim.log.levels.WARN)
      end
      M.work(kind, vim.tbl_extend('force', call, { words = words }))
    end,
  },
  review = {
    title = 'findings in what is not committed yet, or since a branch: review [BASE]',
    run = function(call)
      local said = { base = call.arguments[1], uri = place(call, 'utf-16').uri }
      client_of.execute('review', { vim.tbl_isempty(said) and vim.empty_dict() or said }, function(result)
        client_of.say(('%d findings. %s'):format(result.findings or 0, result.summary or ''))
      end)
    end,
  },
  scan = {
    title = 'look for defects: scan [file|diff|branch|workspace]',
    complete = function()
      return { 'file', 'diff', 'branch', 'workspace' }
    end,
    run = function(call)
      local scope = call.arguments[1] or 'file'
      client_of.execute('scan', { { scope = scope, uri = place(call, 'utf-16').uri } }, function(result)
        local cost = require('tierwise.status').money(result.cost)
        local said = '%d found in %d places, for %s %s'
        client_of.say(said:format(result.found, result.looked, cost, result.stopped or ''))
      end)
    end,
  },
  clear = {
    title = 'take findings away',
    run = function()
      client_of.execute('clear', {})
    end,
  },
  commit = {
    title = 'a commit message, in the buffer of a commit written at its top',
    run = function()
      require('tierwise.commit').message()
    end,
  },
  undo = {
    title = 'take back the last change of several files',
    run = function()
      client_of.execute('undo', {}, function(result)
        client_of.say(('took back "%s" in %d files'):format(result.label or '', #(result.files or {})))
      end)
    end,
  },
  cancel = {
    title = 'cancel what runs; nobody is asked further',
    run = function()
      client_of.say(('cancelled %d'):format(client_of.cancel_all()))
    end,
  },
  restart = {
    title = 'start the server anew',
    run = function()
      require('tierwise.handlers').restart()
    end,
  },
}

for name, subcommand in pairs(require('tierwise.control').subcommands) do
  M.subcommands[name] = subcommand
end

--- Runs `:Tierwise`.
---@param info table as `nvim_create_user_command` gives it
function M.run(info)
  local name, words = info.args:match('^(%S*)%s*(.*)$')
  name = name ~= '' and name or 'status'
  local subcommand = M.subcommands[name]
  if not subcommand then
    local names = vim.tbl_keys(M.subcommands)
    table.sort(names)
    local said = ('there is no "%s"; there are: %s'):format(name, table.concat(names, ', '))
    return client_of.say(said, vim.log.levels.ERROR)
  end
  subcommand.run({
    words = words,
    arguments = vim.split(words, '%s+', { trimempty = true }),
    ranged = info.range > 0,
    first = info.line1,
    last = info.line2,
  })
end

--- Completes `:Tierwise`.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local name = line:match('Tierwise!?%s+(%S+)%s')
  local offered
  if name then
    local subcommand = M.subcommands[name]
    offered = subcommand and subcommand.complete and subcommand.complete() or {}
  else
    offered = vim.tbl_keys(M.subcommands)
  end
  table.sort(offered)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, offered)
end

return M
