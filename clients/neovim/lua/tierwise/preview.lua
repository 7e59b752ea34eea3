--- Changes of several files, shown before they are made: a tab with the list of files and a diff of the one under the
--- cursor; the user says which of them he wants.
local report = require('tierwise.report')

local M = {}

---@class tierwise.FileChange
---@field uri string
---@field mark string what happens to the file: M(odified), A(dded), D(eleted), R(enamed)
---@field changes table[] the parts of the workspace edit that are about it
---@field wanted boolean

--- Returns the changes of a workspace edit by file, in their order.
---@param edit lsp.WorkspaceEdit
---@return tierwise.FileChange[]
function M.files(edit)
  local found, order = {}, {}
  local function file(uri, mark, change)
    if not found[uri] then
      found[uri] = { uri = uri, mark = mark, changes = {}, wanted = true }
      order[#order + 1] = found[uri]
    end
    table.insert(found[uri].changes, change)
    return found[uri]
  end
  local marks = { create = 'A', delete = 'D' }
  for _, change in ipairs(edit.documentChanges or {}) do
    if change.kind == 'rename' then
      file(change.oldUri, 'R', change).mark = 'R'
    elseif change.kind then
      file(change.uri, marks[change.kind], change).mark = marks[change.kind]
    else
      file(change.textDocument.uri, 'M', change)
    end
  end
  for uri, edits in pairs(edit.changes or {}) do
    file(uri, 'M', { textDocument = { uri = uri, version = vim.NIL }, edits = edits })
  end
  return order
end

---@param uri string
---@return string[]
local function lines_of(uri)
  local path = vim.uri_to_fname(uri)
  if vim.fn.bufloaded(path) == 1 then
    return vim.api.nvim_buf_get_lines(vim.fn.bufnr(path), 0, -1, false)
  end
  local read, lines = pcall(vim.fn.readfile, path)
  return read and lines or {}
end

--- Returns a file's lines as they are and as they will be.
---@param file tierwise.FileChange
---@param encoding string
---@return string[], string[]
local function sides(file, encoding)
  local before = lines_of(file.uri)
  if file.mark == 'D' then
    return before, {}
  end
  local scratch = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(scratch, 0, -1, false, before)
  for _, change in ipairs(file.changes) do
    if change.edits then
      vim.lsp.util.apply_text_edits(change.edits, scratch, encoding)
    end
  end
  local after = vim.api.nvim_buf_get_lines(scratch, 0, -1, false)
  vim.api.nvim_buf_delete(scratch, { force = true })
  return before, after
end

---@param file tierwise.FileChange
---@return string
local function line_for(file)
  local path = vim.fn.fnamemodify(vim.uri_to_fname(file.uri), ':.')
  local renamed = file.changes[1].newUri
  local to = renamed and ' -> ' .. vim.fn.fnamemodify(vim.uri_to_fname(renamed), ':.') or ''
  return ('[%s] %s %s%s'):format(file.wanted and 'x' or ' ', file.mark, path, to)
end

--- Opens the tab; returns its windows' buffers: the list, before and after.
---@return { tab: integer, list: integer, window: integer, before: integer, after: integer }
local function layout()
  local function scratch(name)
    local buffer = vim.api.nvim_create_buf(false, true)
    vim.bo[buffer].bufhidden = 'wipe'
    pcall(vim.api.nvim_buf_set_name, buffer, 'tierwise://' .. name .. '/' .. buffer)
    return buffer
  end
  local made = { list = scratch('changes'), before = scratch('before'), after = scratch('after') }
  vim.cmd('tab split')
  made.tab = vim.api.nvim_get_current_tabpage()
  made.window = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(made.window, made.list)
  vim.wo[made.window].cursorline = true
  vim.cmd('belowright split')
  vim.api.nvim_win_set_buf(0, made.before)
  vim.cmd('rightbelow vsplit')
  vim.api.nvim_win_set_buf(0, made.after)
  vim.cmd('windo if winnr() > 1 | diffthis | endif')
  vim.api.nvim_set_current_win(made.window)
  return made
end

--- Shows the changes and calls `done` with the files the user wants, or with nil where he wants nothing at all.
---@param label string
---@param files tierwise.FileChange[]
---@param encoding string
---@param done fun(wanted: tierwise.FileChange[]?)
function M.show(label, files, encoding, done)
  local place = layout()
  local answered = false
  local function answer(wanted)
    if answered then
      return
    end
    answered = true
    if vim.api.nvim_tabpage_is_valid(place.tab) then
      vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(place.tab))
    end
    done(wanted)
  end
  local head = { label, 'space: take or leave   a: apply what is ticked   q: apply nothing', '' }
  local function here()
    return files[vim.api.nvim_win_get_cursor(place.window)[1] - #head]
  end
  local function list()
    local lines = vim.list_extend(vim.deepcopy(head), vim.tbl_map(line_for, files))
    report.fill(place.list, lines)
  end
  local function diff()
    local file = here()
    if file then
      local before, after = sides(file, encoding)
      local filetype = vim.filetype.match({ filename = vim.uri_to_fname(file.uri), contents = after }) or ''
      report.fill(place.before, before)
      report.fill(place.after, after)
      vim.bo[place.before].syntax, vim.bo[place.after].syntax = filetype, filetype
      vim.cmd.diffupdate()
    end
  end
  local function map(key, run, what)
    vim.keymap.set('n', key, run, { buffer = place.list, nowait = true, desc = what })
  end
  map('<Space>', function()
    local file = here()
    if file then
      file.wanted = not file.wanted
      list()
    end
  end, 'Take or leave this file')
  map('a', function()
    answer(vim.tbl_filter(function(file)
      return file.wanted
    end, files))
  end, 'Apply what is ticked')
  map('q', function()
    answer(nil)
  end, 'Apply nothing')
  list()
  vim.api.nvim_win_set_height(place.window, #head + #files + 1)
  vim.api.nvim_win_set_cursor(place.window, { #head + 1, 0 })
  vim.api.nvim_create_autocmd('CursorMoved', { buffer = place.list, callback = diff })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = place.list,
    callback = vim.schedule_wrap(function()
      answer(nil)
    end),
  })
  diff()
end

--- Leaves out the last line break of new files' texts: Neovim adds one when it writes them.
---@param files tierwise.FileChange[]
local function without_last_break(files)
  for _, file in ipairs(files) do
    for _, change in ipairs(file.mark == 'A' and file.changes or {}) do
      for _, edit in ipairs(change.edits or {}) do
        edit.newText = edit.newText:gsub('\n$', '')
      end
    end
  end
end

---@param wanted? tierwise.FileChange[]
---@param encoding string
---@return { applied: boolean, failureReason?: string }
local function apply(wanted, encoding)
  if not wanted or #wanted == 0 then
    return { applied = false, failureReason = 'You wanted none of the changes.' }
  end
  local changes = {}
  for _, file in ipairs(wanted) do
    vim.list_extend(changes, file.changes)
  end
  local applied, reason = pcall(vim.lsp.util.apply_workspace_edit, { documentChanges = changes }, encoding)
  return { applied = applied, failureReason = not applied and tostring(reason) or nil }
end

--- Answers `workspace/applyEdit`; where several files are concerned and `preview` is on, when the user has decided.
--- Neovim runs such handlers in a coroutine, so this may take as long as he likes.
---@param params lsp.ApplyWorkspaceEditParams
---@param context lsp.HandlerContext
---@param preview boolean
---@return { applied: boolean, failureReason?: string }
function M.answer(params, context, preview)
  local encoding = assert(vim.lsp.get_client_by_id(context.client_id)).offset_encoding
  local files = M.files(params.edit)
  without_last_break(files)
  if not preview or #files < 2 then
    return apply(files, encoding)
  end
  local running = assert(coroutine.running())
  vim.schedule(function()
    M.show(params.label or 'Changes', files, encoding, function(wanted)
      coroutine.resume(running, apply(wanted, encoding))
    end)
  end)
  return coroutine.yield()
end

return M
