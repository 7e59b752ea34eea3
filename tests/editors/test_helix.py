"""A real Helix in a terminal with the configuration of our page, against rehearsed vendors."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk import TIERS, environment
from features.test_commands import typist
from findings.scanning import marking
from projects import PYTHON, write
from tierwise.ledger.history import history
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
    settings: Path
    data: Path

    async def command(self, words: str) -> None:
        """Run a command of Helix."""
        await self.helix.type(ESCAPE)
        await asyncio.sleep(0.3)  # else it reads Alt and the next key
        await self.helix.type(f":{words}{ENTER}")

    async def hovered(self, wanted: str) -> None:
        """Ask for hovers until one says what is wanted."""
        for _ in range(12):
            await self.command("4")
            await self.helix.type("w k")
            if await self.helix.soon(wanted):
                return
        raise AssertionError(f"never said: {wanted}\n{self.helix.text()}")


def written(first: str) -> str:
    """Return what the page has written that begins so."""
    return next(
        text for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if text.startswith(first)
    )


def configuration() -> str:
    """Return what the page says belongs into ``languages.toml``, with the server of this checkout."""
    server = f'command = "{sys.executable}"\nargs = ["-m", "tierwise", "lsp"]'
    return (
        written("[language-server").replace('command = "tierwise"\nargs = ["lsp"]', server).replace('"pyright", ', "")
    )


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncGenerator[Seat]:
    """A Helix in a project."""
    root, settings = tmp_path / "project", tmp_path / "settings/helix"
    write({**PYTHON, "pyrightconfig.json": "{}"}, root)
    (root / ".git").mkdir()
    settings.mkdir(parents=True)
    (settings / "languages.toml").write_text(configuration())
    (settings / "config.toml").write_text(written("[editor.lsp]"))
    (tmp_path / "config.toml").write_text(TIERS + "[budget]\nask_above = 1000.0\n")
    async with Rehearsal(script) as vendors:
        env = {**environment(vendors, tmp_path, TIERS), "XDG_CONFIG_HOME": str(settings.parent)}
        binary = CACHE / "helix" / "hx"
        assert binary.exists(), f"{binary} is missing: run `make editors`"
        async with opened([str(binary), "shop/prices.py"], env, root) as helix:
            await helix.until("def net")
            yield Seat(helix, vendors, root, settings, tmp_path / "data")


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
    await seat.helix.type("retur")
    for _ in range(12):  # an open list is asked for anew only by those who were in time for it: close it
        if await seat.helix.soon("return a + b"):
            return
        await seat.helix.type(ESCAPE)
        await asyncio.sleep(0.3)
        await seat.helix.type("a\x7fr")
    raise AssertionError(f"never in the list:\n{seat.helix.text()}")


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


async def test_findings_are_diagnostics_in_open_and_in_other_files(seat: Seat) -> None:
    (seat.root / "shop/two.py").write_text("def two(values):\n    raise NotImplementedError\n")
    seat.vendors.script = marking("NotImplementedError")
    await asyncio.sleep(2)
    await seat.command('lsp-workspace-command tierwise.scan {"scope": "workspace"}')
    await seat.helix.until("2 found")
    await seat.helix.type(" D")
    await seat.helix.until(lambda seen: "s/prices.py" in seen and "s/two.py" in seen and "Suspicious" in seen)


async def test_a_question_opens_a_report(seat: Seat) -> None:
    seat.vendors.script = lambda cue: Line(text="# Prices\n\nThey are in cents.")
    await asyncio.sleep(2)
    await seat.command('lsp-workspace-command tierwise.ask "Which unit?"')
    await seat.helix.until(lambda seen: "def net" not in seen)
    await asyncio.sleep(1)
    await seat.command("reload")
    await seat.helix.until("They are in cents.")


async def test_a_wrong_fix_climbs_and_the_last_line_says_why(seat: Seat) -> None:
    (seat.root / "shop/prices.py").write_text("def f(a: int) -> int:\n    return a + 1  # BUG\n")
    await seat.command("reload")
    seat.vendors.script = marking("BUG")
    await asyncio.sleep(2)
    said = {"scope": "file", "uri": (seat.root / "shop/prices.py").as_uri()}
    await seat.command(f"lsp-workspace-command tierwise.scan {json.dumps(said)}")
    await seat.helix.until("Suspicious")
    wrong, right = (f"```python\ndef f(a: int) -> int:\n    return {value}\n```" for value in ('"a"', "a + 2"))
    seat.vendors.script = lambda cue: Line(text=right if "sonnet" in cue.model else wrong)
    await seat.command("1")
    await seat.helix.type("]d a")
    await seat.helix.until("Fix with Tierwise")
    await seat.helix.type(ENTER)
    await seat.helix.until("fast: 1 new type error, asking mid")
    await seat.helix.until("return a + 2")
    (entry, *_) = [entry for entry in history(seat.data / "ledger.sqlite3", last=50) if entry.kind == "fix"]
    assert [(attempt.tier, attempt.result) for attempt in entry.attempts if attempt.role == "answer"] == [
        ("fast", "rejected"),
        ("mid", "accepted"),
    ]


async def test_settings_apply_live(seat: Seat) -> None:
    await seat.hovered("claude-haiku-5-5 · fast")
    await seat.command("open .tierwise.toml")
    await seat.helix.type(f'i[features.hover]{ENTER}tier = "mid"')
    await seat.command("write")
    await seat.command("buffer-close")
    await seat.hovered("claude-sonnet-5-5 · mid")
    with (seat.settings / "languages.toml").open("a") as languages:
        languages.write('[language-server.tierwise.config.tierwise.features.hover]\ntier = "frontier"\n')
    await seat.command("config-reload")
    await seat.command("lsp-restart")
    await seat.hovered("claude-opus-5-5 · frontier")


async def test_a_provider_goes_down_and_comes_back(seat: Seat) -> None:
    await asyncio.sleep(2)
    seat.vendors.script = lambda cue: Line(fault="status", status=500)
    await seat.helix.type(f":4{ENTER}w k")
    await seat.helix.until("answered 500: it is overloaded or broken at its end")
    seat.vendors.script = script
    await seat.hovered("It adds.")


async def test_a_server_that_died_is_started_again(seat: Seat) -> None:
    await seat.hovered("It adds.")
    (server,) = seat.helix.servers()
    os.kill(server, signal.SIGKILL)
    await seat.helix.until("Language server exited: tierwise")
    await seat.command("lsp-restart")
    await seat.hovered("It adds.")
    (another,) = seat.helix.servers()
    assert another != server
