"""A real Vim with ALE in a terminal with the configuration of our page, against rehearsed vendors."""

import re
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk import TIERS, environment
from findings.scanning import marking
from projects import PYTHON, write
from tierwise.rehearsal import Line, Rehearsal

from .nvim import CACHE, ROOT
from .seat import script
from .terminal import Terminal, opened

pytestmark = pytest.mark.editor

PAGE = ROOT / "clients" / "vim" / "README.md"
ESCAPE, ENTER = "\x1b", "\r"


@dataclass(slots=True)
class Seat:
    """A Vim with ``sum.py`` open, and the vendors."""

    vim: Terminal
    vendors: Rehearsal

    async def act(self, title: str) -> None:
        """Choose an action of the menu by the number before it."""
        for _ in range(8):
            await self.vim.type(f":ALECodeAction{ENTER}")
            if await self.vim.soon(title):
                break
            await self.vim.type(ENTER)
        number = re.search(rf"^(\d+)\) {title}", self.vim.text(), re.MULTILINE)
        assert number, self.vim.text()
        await self.vim.type(number[1] + ENTER)


def settings(root: Path) -> str:
    """Return what the page says of ALE, with the server of this checkout."""
    written, *_ = re.findall(r"```vim\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    quiet = (
        f"set nocompatible noswapfile hidden\nfiletype plugin indent on\nset runtimepath^={root}/usr/share/vim-ale\n"
    )
    server = f"'executable': '{sys.executable}',"
    return quiet + written.replace("'executable': 'tierwise',", server).replace("'%e lsp'", "'%e -m tierwise lsp'")


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncGenerator[Seat]:
    """A Vim in a project."""
    root, vim = tmp_path / "project", CACHE / "vim"
    write({**PYTHON, "pyrightconfig.json": "{}"}, root)
    (root / ".git").mkdir()
    (root / "sum.py").write_text("def old(a: int, b: int) -> int:\n    return a + b  # BUG\n")
    (tmp_path / "vimrc").write_text(settings(vim))
    (tmp_path / "config.toml").write_text(TIERS)
    assert (vim / "vim").exists(), f"{vim} is missing: run `make editors`"
    async with Rehearsal(script) as vendors:
        command = [str(vim / "vim"), "-u", str(tmp_path / "vimrc"), "sum.py"]
        async with opened(command, environment(vendors, tmp_path, TIERS), root) as terminal:
            await terminal.until("def old")
            yield Seat(terminal, vendors)


async def test_a_hover_an_action_and_a_suggestion(seat: Seat) -> None:
    await seat.vim.type("w")
    for _ in range(8):
        await seat.vim.type(f":ALEHover{ENTER}")
        if await seat.vim.soon("It adds."):
            break
    await seat.vim.until("claude-haiku-5-5 · fast")
    await seat.vim.type(f":only{ENTER}")
    await seat.act("Generate docstring")
    await seat.vim.until('"""Return the sum."""')
    await seat.vim.type(f"Godef add(a, b):{ENTER}retur")
    for _ in range(8):  # the list is asked for anew with every key
        if await seat.vim.soon("return a + b v Tierwise"):
            return
        await seat.vim.type("\x7fr")
    raise AssertionError(f"never in the list:\n{seat.vim.text()}")


async def test_what_is_saved_is_looked_at_and_a_wrong_fix_climbs(seat: Seat) -> None:
    seat.vendors.script = marking("BUG")
    await seat.vim.type("j")
    for _ in range(8):
        await seat.vim.type(f":write{ENTER}")
        if await seat.vim.soon("Suspicious"):
            break
    wrong, right = (
        f"```python\ndef old(a: int, b: int) -> int:\n    return {value}\n```" for value in ('"a"', "a - b")
    )
    seat.vendors.script = lambda cue: Line(text=right if "sonnet" in cue.model else wrong)
    await seat.act("Fix with Tierwise")
    await seat.vim.until("return a - b")
    assert {request.model for request in seat.vendors.requests} >= {"claude-haiku-5-5", "claude-sonnet-5-5"}
