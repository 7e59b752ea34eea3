"""Ghost text in real Neovims: what a user sees, types and takes."""

import pytest

from tierwise.rehearsal import Line

from .nvim import GHOST
from .seat import Seat

pytestmark = pytest.mark.editor


async def test_ghost_text_is_seen_typed_through_and_accepted(seat: Seat) -> None:
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("idef add(a, b):<CR>")
    await seat.nvim.ghost("return a + b")
    await seat.nvim.type("ret")
    await seat.nvim.ghost("urn a + b")
    assert len(seat.vendors.requests) == 1
    await seat.nvim.type("<Tab>")
    await seat.nvim.until("the line", "return vim.api.nvim_get_current_line() == '    return a + b'")
    assert (await seat.nvim.ask("nvim_win_get_cursor", 0)) == [2, 16]
    await seat.until("accepted")
    assert "shown" in seat.signals()


async def test_a_suggestion_is_taken_by_word_and_by_line_and_dismissed(seat: Seat) -> None:
    seat.vendors.script = lambda cue: Line(text="total = a + b\n    return total")
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("idef add(a, b):<CR>")
    await seat.nvim.ghost("total = a + b\n    return total")
    await seat.nvim.type("<C-l>")
    await seat.nvim.ghost(" = a + b\n    return total")
    assert await seat.nvim.text() == "def add(a, b):\n    total"
    await seat.nvim.type("<C-j>")
    await seat.nvim.ghost("\n    return total")
    assert await seat.nvim.text() == "def add(a, b):\n    total = a + b"
    await seat.until("partial")
    await seat.nvim.type("<C-e>")
    await seat.nvim.no_ghost()
    await seat.until("rejected")
    assert await seat.nvim.text() == "def add(a, b):\n    total = a + b"


async def test_there_are_more_suggestions_to_choose_from(seat: Seat) -> None:
    texts = ["return a + b", "return a - b", "return b + a"]
    seat.vendors.script = lambda cue: Line(text=texts[len(seat.vendors.requests) % len(texts)])
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("idef add(a, b):<CR>")
    seen = [await seat.nvim.ghost()]
    another = f"local seen = (function() {GHOST} end)() return seen:find('/3)', 1, true) and seen ~= ... and seen"
    while len(seen) < len(texts):
        await seat.nvim.type("<C-n>")
        seen.append(await seat.nvim.until("another one", another, seen[-1]))
    assert {text.partition(" (")[0] for text in seen} == set(texts)
    await seat.nvim.type("<C-p>")
    before = (await seat.nvim.until("the one before", another, seen[-1])).partition(" (")[0]
    assert before == seen[-2].partition(" (")[0]
    await seat.nvim.type("<Tab>")
    await seat.nvim.until("the line", "return vim.api.nvim_get_current_line() == ...", f"    {before}")


async def test_code_in_columns_that_are_no_bytes(seat: Seat) -> None:
    seat.vendors.script = lambda cue: Line(text="'größe 😀' + a")
    await seat.nvim.open(seat.root / "sum.py")
    await seat.nvim.type("ia = 1; öß = '😀'; c = ")
    await seat.nvim.ghost("'größe 😀' + a")
    await seat.nvim.type("'grö")
    await seat.nvim.ghost("ße 😀' + a")
    await seat.nvim.type("<C-l>")
    await seat.nvim.ghost(" 😀' + a")
    await seat.nvim.type("<Tab>")
    await seat.nvim.until(
        "the line", "return vim.api.nvim_get_current_line() == ...", "a = 1; öß = '😀'; c = 'größe 😀' + a"
    )
