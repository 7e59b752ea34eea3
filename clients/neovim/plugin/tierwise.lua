-- Nothing is loaded and nothing is mapped here until it is asked for.
if vim.g.loaded_tierwise then
  return
end
vim.g.loaded_tierwise = true

vim.api.nvim_create_user_command('Tierwise', function(info)
  require('tierwise.commands').run(info)
end, {
  nargs = '*',
  range = true,
  desc = 'Tierwise: status, why, models, edit, ask, …',
  complete = function(lead, line)
    return require('tierwise.commands').complete(lead, line)
  end,
})

local maps = {
  accept = { 'i', 'Take the suggestion' },
  ['accept-word'] = { 'i', 'Take the next word of the suggestion' },
  ['accept-line'] = { 'i', 'Take the next line of the suggestion' },
  next = { 'i', 'Show the next suggestion' },
  previous = { 'i', 'Show the previous suggestion' },
  dismiss = { 'i', 'Take the suggestion away' },
}
for name, map in pairs(maps) do
  vim.keymap.set(map[1], ('<Plug>(tierwise-%s)'):format(name), function()
    require('tierwise')[name:gsub('-', '_')]()
  end, { desc = 'Tierwise: ' .. map[2] })
end
