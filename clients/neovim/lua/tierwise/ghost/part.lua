--- Parts of a suggestion: what a word or a line of it is, and how long it is in the protocol's units.
local M = {}

--- Returns the first word of a text with the space before it; of a text that begins with a line break, that break with
--- the indentation and the word behind it.
---@param text string
---@return string
function M.word(text)
  local space = text:match('^%s*')
  local rest = text:sub(#space + 1)
  local word = rest:match('^[%w_\128-\255]+') or rest:match('^[^%w_%s\128-\255]+') or ''
  return space .. word
end

--- Returns the first line of a text; of a text that begins with a line break, that break and the line behind it.
---@param text string
---@return string
function M.line(text)
  local breaks = text:match('^\n*')
  return breaks .. text:sub(#breaks + 1):match('^[^\n]*')
end

--- Returns the length of a text in UTF-16 units.
---@param text string
---@return integer
function M.utf16(text)
  if vim.fn.has('nvim-0.11') == 1 then
    return vim.str_utfindex(text, 'utf-16')
  end
  local _, units = vim.str_utfindex(text)
  return units
end

--- Returns the byte of a line at a column in the client's units.
---@param line string
---@param column integer
---@param encoding string
---@return integer
function M.byte(line, column, encoding)
  if encoding == 'utf-8' then
    return math.min(column, #line)
  elseif vim.fn.has('nvim-0.11') == 1 then
    return vim.str_byteindex(line, encoding, column, false)
  end
  local found, byte = pcall(vim.str_byteindex, line, column, encoding == 'utf-16')
  return found and byte or #line
end

--- Returns the number of the item that is so many steps from the one of which `shown` could be seen last.
---@param items tierwise.Item[]
---@param shown string
---@param count integer
---@return integer
function M.step(items, shown, count)
  local from = 1
  for number, item in ipairs(items) do
    if shown ~= '' and vim.endswith(item.insertText, shown) then
      from = number
    end
  end
  return (from - 1 + count) % #items + 1
end

--- Inserts text at the cursor and puts the cursor behind it.
---@param buffer integer
---@param text string
function M.insert(buffer, text)
  local window = vim.api.nvim_get_current_win()
  local row, column = unpack(vim.api.nvim_win_get_cursor(window))
  local lines = vim.split(text, '\n', { plain = true })
  vim.api.nvim_buf_set_text(buffer, row - 1, column, row - 1, column, lines)
  vim.api.nvim_win_set_cursor(window, { row + #lines - 1, (#lines == 1 and column or 0) + #lines[#lines] })
end

return M
