-- Run by `nvim -l`: starts a child Neovim as a user would and types into it over RPC, then prints what was seen as JSON.
local root, client, server = unpack(arg)

local child = vim.fn.jobstart({ vim.v.progpath, '--embed', '--headless', '--clean' }, { rpc = true })
local function ask(method, ...)
  return vim.rpcrequest(child, method, ...)
end
local function lua(code, ...)
  return ask('nvim_exec_lua', code, { ... })
end
local function wait_for(what, code, ...)
  local args = { ... }
  local seen
  local ok = vim.wait(20000, function()
    seen = lua(code, unpack(args))
    return seen ~= vim.NIL and seen ~= nil and seen ~= false and seen ~= ''
  end, 50)
  if not ok then
    error('never seen: ' .. what .. '; messages: ' .. tostring(lua([[return vim.fn.execute('messages')]])))
  end
  return seen
end

lua([[
  local client, server = ...
  vim.opt.runtimepath:append(client)
  vim.o.swapfile = false
  vim.lsp.config('tierwise', { cmd = { server, '-m', 'tierwise', 'lsp' } })
  vim.lsp.enable('tierwise')
  vim.lsp.inline_completion.enable(true)
]], client, server)

local seen = {}
ask('nvim_command', 'edit ' .. root .. '/sum.py')
wait_for('the client', [[
  local c = vim.lsp.get_clients({ name = 'tierwise', bufnr = 0 })[1]
  return c and c.initialized and c.server_capabilities.positionEncoding
]])

-- Ghost text while typing, then accepted.
ask('nvim_input', 'idef add(a, b):<CR>')
seen.ghost = wait_for('ghost text', [[
  for name, ns in pairs(vim.api.nvim_get_namespaces()) do
    if name:find('inline_completion') then
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true })) do
        local parts = {}
        for _, chunk in ipairs(mark[4].virt_text or {}) do parts[#parts + 1] = chunk[1] end
        if #parts > 0 then return table.concat(parts) end
      end
    end
  end
]])
lua([[vim.lsp.inline_completion.get()]])
seen.accepted = wait_for('the accepted line', [[
  local line = vim.api.nvim_buf_get_lines(0, 1, 2, false)[1]
  return line and line:find('return') and line
]])
ask('nvim_input', '<Esc>gg0w')

-- Hover.
lua([[vim.lsp.buf.hover()]])
seen.hover = wait_for('the hover', [[
  for _, win in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(win).relative ~= '' then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false), '\n')
    end
  end
]])

-- A code action that is resolved and applied.
lua([[vim.lsp.buf.code_action({ apply = true, filter = function(a) return a.title:find('docstring') ~= nil end })]])
seen.documented = wait_for('the docstring', [[
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  return text:find('"""') and text
]])
pcall(ask, 'nvim_command', 'qa!')
io.stdout:write(vim.json.encode(seen))
