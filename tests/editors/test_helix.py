"""A real Helix in a terminal with the configuration of our page, against rehearsed vendors."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk import TIERS, environment
from features.test_commands import typist
from findings.scanning import marking
from projects import PYTHON, write
from tierwise.rehearsal import Line, Rehearsal

from .nvim import CACHE, ROOT
from .seat import script
from .terminal import Terminal, opened

pytestmark = pytest.mark.editor

PAGE = ROOT / "clients" / "helix" / "README.md"
ESCAPE, ENTER = "\x1b", "\r"


@dataclass(slots=True)
class Seat:
    """A Helix with ``shop/prices.py`` open, the vendors and the project."""

    helix: Terminal
    vendors: Rehearsal
    root: Path

    async def command(self, words: str) -> None:
        """Run a command of Helix."""
        await self.helix.type(ESCAPE)
        await asyncio.sleep(0.3)  # else it reads Alt and the next key
        await self.helix.type(f":{words}{ENTER}")


def configuration() -> str:
    """Return what the page says belongs into ``languages.toml``, with the server of this checkout."""
    written, *_ = re.findall(r"```toml\n(\[language-server.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    server = f'command = "{sys.executable}"\nargs = ["-m", "tierwise", "lsp"]'
    return written.replace('command = "tierwise"\nargs = ["lsp"]', server).replace('"pyright", ', "")


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncGenerator[Seat]:
    """A Helix in a project."""
    root, settings = tmp_path / "project", tmp_path / "settings/helix"
    write(PYTHON, root)
    (root / ".git").mkdir()
    settings.mkdir(parents=True)
    (settings / "languages.toml").write_text(configuration())
    (tmp_path / "config.toml").write_text(TIERS + "[budget]\nask_above = 1000.0\n")
    async with Rehearsal(script) as vendors:
        env = {**environment(vendors, tmp_path, TIERS), "XDG_CONFIG_HOME": str(settings.parent)}
        binary = CACHE / "helix" / "hx"
        assert binary.exists(), f"{binary} is missing: run `make editors`"
        async with opened([str(binary), "shop/prices.py"], env, root) as helix:
            await helix.until("def net")
            yield Seat(helix, vendors, root)


async def test_a_hover_explains(seat: Seat) -> None:
    await seat.helix.type(f":4{ENTER}w")
    await asyncio.sleep(2)
    await seat.helix.type(" k")
    seen = await seat.helix.until("It adds.")
    assert "claude-haiku-5-5 · fast" in seen


async def test_a_suggestion_is_an_item_of_the_list(seat: Seat) -> None:
    await asyncio.sleep(2)
    await seat.command("open sum.py")
    await seat.helix.type(f"idef add(a, b):{ENTER}    ")
    for key in "retur":  # the list is asked for anew with every key
        await asyncio.sleep(1)
        await seat.helix.type(key)
    await seat.helix.until("return a + b")


async def test_an_action_writes_a_docstring(seat: Seat) -> None:
    await seat.helix.type(f":4{ENTER}w")
    await asyncio.sleep(2)
    await seat.helix.type(" a")
    await seat.helix.until("Generate docstring")
    await seat.helix.type("\x0e")
    await seat.helix.type(ENTER)
    await seat.helix.until('"""Return the sum."""')


async def test_a_refactoring_changes_files_and_makes_one(seat: Seat) -> None:
    seat.vendors.script = typist()
    await asyncio.sleep(2)
    said = {"uri": (seat.root / "shop/prices.py").as_uri(), "instruction": "Rename net to without_tax."}
    await seat.command(f"lsp-workspace-command tierwise.refactor_files {json.dumps(said)}")
    await seat.helix.until("def without_tax")
    await seat.command("write-all")
    await seat.helix.until(lambda _: "without_tax" in (seat.root / "shop/orders.py").read_text())
    assert (seat.root / "shop/tax.py").read_text() == "RATE = 20\n"
    assert not (seat.root / "shop/api.py").exists()


async def test_findings_are_diagnostics(seat: Seat) -> None:
    seat.vendors.script = marking("NotImplementedError")
    await asyncio.sleep(2)
    said = {"scope": "file", "uri": (seat.root / "shop/prices.py").as_uri()}
    await seat.command(f"lsp-workspace-command tierwise.scan {json.dumps(said)}")
    await asyncio.sleep(2)
    await seat.helix.type(" d")
    await seat.helix.until("Suspicious")


async def test_a_question_opens_a_report(seat: Seat) -> None:
    seat.vendors.script = lambda cue: Line(text="# Prices\n\nThey are in cents.")
    await asyncio.sleep(2)
    await seat.command('lsp-workspace-command tierwise.ask "Which unit?"')
    await seat.helix.until(lambda seen: "def net" not in seen)
    await asyncio.sleep(1)
    await seat.command("reload")
    await seat.helix.until("They are in cents.")
