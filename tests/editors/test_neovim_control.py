"""What a user of real Neovims sees of the router, and how he steers it."""

import pytest

from tierwise.rehearsal import Line

from .nvim import GHOST
from .seat import Seat

pytestmark = pytest.mark.editor


async def suggested(seat: Seat) -> None:
    """Have one suggestion taken."""
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("idef add(a, b):<CR>")
    await seat.nvim.ghost("return a + b")
    await seat.nvim.type("<Tab>")
    await seat.until("accepted")
    await seat.nvim.type("<Esc>")


async def page(seat: Seat, command: str, name: str) -> str:
    """Return what a command shows in a scratch buffer."""
    await seat.nvim.command(command)
    await seat.nvim.until(name, "return vim.fn.bufname() == 'tierwise://' .. ...", name)
    return await seat.nvim.text()


async def test_decisions_and_costs_are_pages(seat: Seat) -> None:
    await suggested(seat)
    why = await page(seat, "Tierwise why 5", "why")
    assert "fast anthropic/claude-haiku-5-5: accepted in" in why
    assert "The workspace itself is asked first" in why
    assert "accepted" in why.partition("What became of it: ")[2]
    await seat.nvim.type("q")
    costs = await page(seat, "Tierwise report 7", "costs")
    assert "# What the last 7 days have cost" in costs
    assert "| anthropic/claude-haiku-5-5 " in costs
    assert "100% of 1 |" in costs
    assert "Saved, by an estimate" in costs


async def test_the_dashboard_is_a_page_for_the_browser(seat: Seat) -> None:
    await suggested(seat)
    await seat.nvim.lua("vim.ui.open = function(path) vim.g.opened = path end")
    await seat.nvim.command("Tierwise dashboard")
    opened = await seat.nvim.until("the page", "return vim.g.opened")
    assert (await seat.nvim.lua("return vim.fn.readblob(...)", opened)).lstrip().startswith("<!doctype html>")


async def test_a_pause_and_its_end(seat: Seat) -> None:
    await suggested(seat)
    await seat.nvim.command("Tierwise pause")
    line = "return require('tierwise').statusline():find('paused') "
    await seat.nvim.until("the pause", line + "~= nil")
    await seat.nvim.type("ox = ")
    assert not await seat.nvim.soon(f"return (function() {GHOST} end)() ~= ''")
    await seat.nvim.type("<Esc>")
    await seat.nvim.command("Tierwise pause")
    await seat.nvim.until("its end", line + "== nil")
    await seat.nvim.type("oy = ")
    await seat.nvim.ghost("return a + b")


async def test_a_model_is_chosen_for_a_feature_and_a_mode_for_all(seat: Seat) -> None:
    await suggested(seat)
    await seat.nvim.lua("""
      vim.ui.select = function(items, options, done)
        local wanted = options.prompt == 'Model for' and '^Ghost text' or '^anthropic/claude%-opus'
        for _, item in ipairs(items) do
          if options.format_item(item):find(wanted) then return done(item) end
        end
      end
    """)
    await seat.nvim.command("Tierwise models")
    await seat.nvim.until("the choice", "return vim.fn.execute('messages'):find('until Neovim ends') ~= nil")
    await seat.nvim.command("Tierwise mode rules 0.2")
    mode = "local now = require('tierwise.status').now() return now.mode == 'rules' and now.quality == 0.2"
    await seat.nvim.until("the mode", mode)
    await seat.nvim.type("oz = ")
    await seat.nvim.ghost("return a + b")
    assert seat.vendors.requests[-1].model == "claude-opus-5-5"


async def test_a_checkup_and_completion(seat: Seat) -> None:
    await suggested(seat)
    complete = "return vim.fn.getcompletion('Tierwise ' .. ..., 'cmdline')"
    assert await seat.nvim.lua(complete, "re") == ["refactor", "report", "restart", "review"]
    assert await seat.nvim.lua(complete, "mode l") == ["learned"]
    assert "docstring" in await seat.nvim.lua(complete, "run ")
    assert "accepted" not in await seat.nvim.lua(complete, "run ")
    await seat.nvim.command("checkhealth tierwise")
    seen = await seat.nvim.text()
    assert "ghost text: " in seen
    assert "1 buffers" in seen
    assert "<Plug>(tierwise-accept): mapped" in seen
    assert "no server runs" not in seen


ENCODING = {
    "cmp": "source:get_position_encoding_kind()",
    "blink": "vim.lsp.get_client_by_id(vim.g.items[1].client_id).offset_encoding",
}


@pytest.mark.parametrize("plugin", ["cmp", "blink"])
async def test_a_completion_plugin_gets_items_for_the_word_before_the_cursor(seat: Seat, plugin: str) -> None:
    """The edit is made as the plugins make it: in columns as they are told to count them."""
    seat.vendors.script = lambda cue: Line(text="value + 1")
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.until("the status", "return require('tierwise.status').now() ~= nil")
    await seat.nvim.type("iö = '😀' + val")
    await seat.nvim.ghost("ue + 1")
    ask = {
        "cmp": "source:complete({}, function(answer) vim.g.items = answer.items end)",
        "blink": "source:get_completions({}, function(answer) vim.g.items = answer.items end)",
    }
    take = {
        "cmp": "source:execute(vim.g.items[1], function() vim.g.done = true end)",
        "blink": "source:execute({}, vim.g.items[1], function() vim.g.done = true end, function() end)",
    }
    source = f"local source = require('tierwise.{plugin}').new() "
    await seat.nvim.lua(source + ask[plugin])
    (item, *_) = await seat.nvim.until("items", "return vim.g.items")
    assert (item["label"], item["filterText"]) == ("value + 1", "value + 1")
    apply = f"vim.lsp.util.apply_text_edits({{ vim.g.items[1].textEdit }}, ..., {ENCODING[plugin]})"
    await seat.nvim.lua(source + apply, await seat.nvim.ask("nvim_get_current_buf"))
    assert await seat.nvim.text() == "ö = '😀' + value + 1"
    await seat.nvim.lua(source + take[plugin])
    await seat.nvim.until("the end", "return vim.g.done")
    await seat.until("accepted")
