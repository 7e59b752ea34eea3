--- `:checkhealth tierwise`
local M = {}

local health = vim.health

local function neovim()
  health.start('Neovim')
  if vim.fn.has('nvim-0.10') == 0 then
    return health.error('Neovim is older than 0.10', 'Install Neovim 0.10 or later')
  end
  health.ok(tostring(vim.version()))
  local engine = require('tierwise.ghost').engine()
  health.ok(engine == 'native' and 'ghost text: vim.lsp.inline_completion' or 'ghost text: drawn by this plugin')
end

---@param cmd string[]
local function server(cmd)
  health.start('Server')
  if vim.fn.executable(cmd[1]) == 0 then
    return health.error(('%s cannot be found'):format(cmd[1]), {
      'Install it: pipx install tierwise',
      "Or say where it is: setup{ cmd = { '/path/to/tierwise', 'lsp' } }",
    })
  end
  health.ok(vim.fn.exepath(cmd[1]))
  local program = vim.list_slice(cmd, 1, #cmd - 1)
  local function run(word)
    local command = vim.list_extend(vim.deepcopy(program), { word })
    local options = { text = true, env = require('tierwise.config').options.cmd_env }
    local made, process = pcall(vim.system, command, options)
    return made and process:wait(20000) or { code = 1, stderr = tostring(process) }
  end
  if cmd[#cmd] ~= 'lsp' then
    return health.info('the command does not end with "lsp": its own checks are left out')
  end
  local doctor = run('doctor')
  local tell = doctor.code == 0 and health.ok or health.warn
  tell('tierwise doctor:\n' .. vim.trim((doctor.stdout or '') .. (doctor.stderr or '')))
end

local function clients()
  health.start('Clients')
  local found = vim.lsp.get_clients({ name = 'tierwise' })
  if #found == 0 then
    return health.warn('no server runs', "Call require('tierwise').setup{} and open a file")
  end
  for _, client in ipairs(found) do
    local buffers = vim.tbl_count(client.attached_buffers)
    health.ok(('number %d at %s, %d buffers'):format(client.id, client.root_dir or 'no root', buffers))
  end
  local status = require('tierwise.status').now()
  for _, problem in ipairs(status and status.problems or {}) do
    health.warn(problem)
  end
end

local function maps()
  health.start('Maps')
  for _, name in ipairs({ 'accept', 'accept-word', 'accept-line', 'next', 'previous', 'dismiss' }) do
    local plug = ('<Plug>(tierwise-%s)'):format(name)
    local key = vim.fn.hasmapto(plug, 'i') == 1
    health.info(('%s: %s'):format(plug, key and 'mapped' or 'no key of its own'))
  end
end

function M.check()
  neovim()
  server(require('tierwise.config').options.cmd)
  clients()
  maps()
end

return M
