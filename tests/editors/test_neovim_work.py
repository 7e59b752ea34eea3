"""Work done for a user of real Neovims: hovers, actions, refactorings, findings, reports, and what goes wrong."""

import os
import signal

import pytest

from features.test_cascading import CODE, GOOD, WRONG
from features.test_commands import typist
from findings.scanning import marking
from projects import PYTHON, commit, write
from tierwise.rehearsal import Line

from .nvim import GHOST
from .seat import Seat

pytestmark = pytest.mark.editor

ADD = "def add(a, b):\n    return a + b\n"


async def test_a_hover_explains(seat: Seat) -> None:
    (seat.root / "sum.py").write_text(ADD)
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("w")
    await seat.nvim.lua("vim.lsp.buf.hover()")
    seen = await seat.nvim.until(
        "the hover",
        """
        for _, win in ipairs(vim.api.nvim_list_wins()) do
          if vim.api.nvim_win_get_config(win).relative ~= '' then
            return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false), '\\n')
          end
        end
        """,
    )
    assert "def add(a, b):" in seen
    assert "It adds." in seen


async def test_an_action_climbs_the_cascade(seat: Seat) -> None:
    (seat.root / "pyrightconfig.json").write_text("{}")
    (seat.root / "a.py").write_text(CODE)
    seat.vendors.script = lambda cue: Line(text=GOOD if "sonnet" in cue.model else WRONG)
    await seat.nvim.open(seat.root / "a.py")
    await seat.nvim.lua("""
      local ns = vim.api.nvim_create_namespace('checker')
      local lsp = { message = 'invalid syntax', source = 'checker', severity = 1,
        range = { start = { line = 1, character = 4 }, ['end'] = { line = 1, character = 12 } } }
      vim.diagnostic.set(ns, 0, { { lnum = 1, col = 4, end_lnum = 1, end_col = 12, message = lsp.message,
        source = lsp.source, severity = 1, user_data = { lsp = lsp } } })
      vim.api.nvim_win_set_cursor(0, { 2, 5 })
      vim.lsp.buf.code_action({ apply = true, filter = function(a) return a.title:find('^Fix') ~= nil end })
    """)
    await seat.nvim.until("the fix", "return vim.fn.getline(2) == '    return a'")
    (entry, *_) = [entry for entry in seat.history() if entry.kind == "fix"]
    assert [(attempt.tier, attempt.result) for attempt in entry.attempts if attempt.role == "answer"] == [
        ("fast", "rejected"),
        ("mid", "accepted"),
    ]


async def test_a_refactoring_is_shown_and_made_in_the_files_that_are_wanted(seat: Seat) -> None:
    write(PYTHON, seat.root)
    seat.vendors.script = typist()
    await seat.nvim.open(seat.root / "shop/prices.py")
    await seat.nvim.command("Tierwise refactor Rename net to without_tax.")
    await seat.nvim.until("the preview", "return vim.fn.bufname():find('tierwise://changes') ~= nil")
    shown = await seat.nvim.text()
    assert "[x] M shop/prices.py" in shown
    assert "[x] A shop/tax.py" in shown
    assert "[x] R tests/test_orders.py -> tests/test_order.py" in shown
    assert "[x] D shop/api.py" in shown
    after = "return table.concat(vim.api.nvim_buf_get_lines(vim.fn.winbufnr(3), 0, -1, false), '\\n')"
    assert "def without_tax" in await seat.nvim.lua(after)
    for _ in range(8):
        if "api.py" in await seat.nvim.lua("return vim.api.nvim_get_current_line()"):
            break
        await seat.nvim.type("j")
    await seat.nvim.type("<Space>a")
    await seat.nvim.until("the file's text", "return vim.fn.search('def without_tax', 'nw') > 0")
    text_of = "return table.concat(vim.fn.getbufline(vim.fn.bufadd(...), 1, '$'), '\\n')"
    orders = text_of + ":find('import without_tax') ~= nil"
    await seat.nvim.until("the other file", orders, str(seat.root / "shop/orders.py"))
    tax = text_of + " == 'RATE = 20'"
    await seat.nvim.until("the new file", tax, str(seat.root / "shop/tax.py"))
    assert (seat.root / "tests/test_order.py").exists()
    assert (seat.root / "shop/api.py").exists()


async def test_a_refactoring_that_is_not_wanted_changes_nothing(seat: Seat) -> None:
    write(PYTHON, seat.root)
    seat.vendors.script = typist()
    await seat.nvim.open(seat.root / "shop/prices.py")
    before = await seat.nvim.text()
    await seat.nvim.command("Tierwise refactor Rename net to without_tax.")
    await seat.nvim.until("the preview", "return vim.fn.bufname():find('tierwise://changes') ~= nil")
    await seat.nvim.type("q")
    await seat.nvim.until("what came of it", "return vim.fn.execute('messages'):find('wanted none') ~= nil")
    assert await seat.nvim.text() == before
    assert not (seat.root / "shop/tax.py").exists()


async def test_findings_are_shown_in_open_and_in_other_files(seat: Seat) -> None:
    seat.vendors.script = marking("BUG")
    for name in ("one", "two"):
        (seat.root / f"{name}.py").write_text(f"def {name}(values):\n    return sum(values) / len(values)  # BUG\n")
    await seat.nvim.open(seat.root / "one.py")
    await seat.nvim.command("Tierwise scan workspace")
    lines = "return vim.tbl_map(function(d) return d.lnum end, vim.diagnostic.get(vim.fn.bufadd(...)))[1] == 1"
    for name in ("one.py", "two.py"):
        await seat.nvim.until(f"the finding in {name}", lines, str(seat.root / name))
    await seat.nvim.until("the sum", "return vim.fn.execute('messages'):find('2 found') ~= nil")


async def test_a_report_streams_into_a_scratch_buffer(seat: Seat) -> None:
    (seat.root / "sum.py").write_text(ADD)
    pieces = ("# Answer\n\n", *(f"It adds {number}.\n" for number in range(12)))
    seat.vendors.script = lambda cue: Line(text="".join(pieces), pieces=pieces, pause=0.15)
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.command("Tierwise ask What does it do?")
    await seat.nvim.until("the report", "return vim.fn.bufname():find('tierwise://') == 1 and vim.fn.line('$') < 10")
    await seat.nvim.until(
        "its end", "return vim.fn.search('It adds 11', 'nw') > 0 and vim.fn.search('claude', 'nw') > 0"
    )
    assert await seat.nvim.lua("return { vim.bo.buftype, vim.bo.filetype, vim.bo.modifiable }") == [
        "nofile",
        "markdown",
        False,
    ]


async def test_a_commit_message_goes_to_the_top_of_a_commit(seat: Seat) -> None:
    write(PYTHON, seat.root)
    commit(seat.root)
    (seat.root / "shop/prices.py").write_text("RATE = 20\n")
    seat.vendors.script = lambda cue: Line(text="shop: count in cents\n\nNo more floats.")
    await seat.nvim.open(seat.root / ".git/COMMIT_EDITMSG")
    await seat.nvim.lua("vim.bo.filetype = 'gitcommit' vim.fn.setline(1, { '', '# Changes' })")
    await seat.nvim.command("Tierwise commit")
    await seat.nvim.until("the message", "return vim.fn.getline(1) ~= ''")
    assert await seat.nvim.text() == "shop: count in cents\n\nNo more floats.\n\n# Changes"


async def test_settings_apply_live(seat: Seat) -> None:
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("idef add(a, b):<CR>")
    await seat.nvim.ghost("return a + b")
    assert {request.model for request in seat.vendors.requests} == {"claude-haiku-5-5"}
    await seat.nvim.lua("require('tierwise').set('features.inlineCompletion.model', 'anthropic/claude-opus-5-5')")
    for number in range(40):
        await seat.nvim.type(f"<Esc>ox{number} = ")
        await seat.nvim.ghost("return a + b")
        if seat.vendors.requests[-1].model == "claude-opus-5-5":
            return
    raise AssertionError("the setting was never applied")


async def test_a_provider_goes_down_and_comes_back(seat: Seat) -> None:
    await seat.nvim.open(seat.root / "sum.py")
    seat.vendors.script = lambda cue: Line(fault="status", status=500)
    await seat.nvim.type("idef add(a, b):<CR>")
    await seat.nvim.until("the warning", "return require('tierwise').statusline():find('!', 1, true) ~= nil")
    await seat.nvim.no_ghost()
    seat.vendors.script = lambda cue: Line(text="return a + b")
    for number in range(60):
        await seat.nvim.type(f"<Esc>ox{number} = ")
        if await seat.nvim.soon(f"return (function() {GHOST} end)() == 'return a + b'"):
            return
    raise AssertionError("nobody was asked again")


async def test_a_server_that_died_is_started_again(seat: Seat) -> None:
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.until("the status", "return require('tierwise.status').now() ~= nil")
    first = await seat.nvim.lua("return vim.lsp.get_clients({ name = 'tierwise' })[1].id")
    children = await seat.nvim.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())")
    assert len(children) == 1
    os.kill(children[0], signal.SIGKILL)
    alive = (
        "local c = vim.lsp.get_clients({ name = 'tierwise', bufnr = 0 })[1] return c and c.id ~= ... and c.initialized"
    )
    await seat.nvim.until("the next server", alive, first)
    await seat.nvim.type("idef add(a, b):<CR>")
    await seat.nvim.ghost("return a + b")
