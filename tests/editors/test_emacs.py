"""A real Emacs in a terminal with the package, against rehearsed vendors."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk import TIERS, environment
from features.test_commands import PLAN, typist
from findings.scanning import marking
from projects import PYTHON, write
from tierwise.ledger.history import history
from tierwise.rehearsal import Line, Rehearsal

from .nvim import CACHE, ROOT
from .seat import script
from .terminal import Terminal, opened

pytestmark = pytest.mark.editor

PACKAGE = ROOT / "clients" / "emacs"
ENTER, META = "\r", "\x1b"
QUIET = """
(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil
      native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil
      eglot-connect-timeout 60 eldoc-idle-delay 1000)
(menu-bar-mode -1)
"""


@dataclass(slots=True)
class Seat:
    """An Emacs with ``sum.py`` open under Eglot, and the vendors."""

    emacs: Terminal
    vendors: Rehearsal
    root: Path
    data: Path

    async def command(self, name: str, *answers: str) -> None:
        """Run a command by name and answer what it asks."""
        await self.emacs.type(f"{META}x{name}{ENTER}")
        for answer in answers:
            await asyncio.sleep(0.3)
            await self.emacs.type(f"{answer}{ENTER}")

    async def hovered(self, wanted: str) -> None:
        """Ask for hovers of ``old`` until one says what is wanted."""
        await self.command("goto-char", "5")
        for _ in range(12):
            await self.command("eldoc")
            if await self.emacs.soon(wanted):
                return
        raise AssertionError(f"never said: {wanted}\n{self.emacs.text()}")

    async def until(self, signal: str) -> None:
        """Wait until a signal stands in the ledger."""
        async with asyncio.timeout(15):
            while signal not in {  # noqa: ASYNC110 - it happens in another process
                str(note.signal) for entry in history(self.data / "ledger.sqlite3", last=50) for note in entry.feedback
            }:
                await asyncio.sleep(0.05)


SERVER = f'"{sys.executable}" "-m" "tierwise" "lsp"'


def written(word: str) -> str:
    """Return the first thing with this word that the page says belongs into ``init.el``."""
    blocks = re.findall(r"```elisp\n(.*?)```", (PACKAGE / "README.md").read_text("utf-8"), re.DOTALL)
    return next(block for block in blocks if word in block)


def with_eglot() -> str:
    """Return settings for the package, with the server of this checkout."""
    command = f"(setq tierwise-command '({SERVER}))"
    return f'{QUIET}(add-to-list \'load-path "{PACKAGE}")\n{command}\n{written("tierwise-setup")}'


def with_lsp_mode() -> str:
    """Return settings for lsp-mode as the page has them, with the server of this checkout; Debian loads its parts."""
    return f"""{QUIET}
    (dolist (folder (directory-files "{CACHE}/emacs/usr/share/emacs/site-lisp/elpa-src" t "^[^.]"))
      (add-to-list 'load-path folder))
    (dolist (part '(lsp-mode lsp-lens lsp-diagnostics lsp-completion lsp-modeline)) (require part))
    (setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-headerline-breadcrumb-enable nil)
    {written("lsp-register-client").replace('"tierwise" "lsp"', SERVER)}
    (add-hook 'python-mode-hook #'lsp)"""


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncGenerator[Seat]:
    """An Emacs with the package in a project."""
    async with sit_down(tmp_path, with_eglot()) as made:
        await made.command("eglot")
        await made.emacs.until("tierwise ")
        yield made


@asynccontextmanager
async def sit_down(tmp_path: Path, settings: str) -> AsyncGenerator[Seat]:
    """Start an Emacs in a project."""
    root = tmp_path / "project"
    write({**PYTHON, "pyrightconfig.json": "{}"}, root)
    (root / ".git").mkdir()
    (root / "sum.py").write_text("def old(a, b):\n    return a + b  # BUG\n\n\n")
    (tmp_path / "init.el").write_text(settings)
    (tmp_path / "config.toml").write_text(TIERS + "[budget]\nask_above = 1000.0\n")
    async with Rehearsal(script) as vendors:
        env = {**environment(vendors, tmp_path, TIERS), "HOME": str(tmp_path)}
        binary = CACHE / "emacs" / "emacs"
        assert binary.exists(), f"{binary} is missing: run `make editors`"
        command = [str(binary), "-nw", "-Q", "-l", str(tmp_path / "init.el"), "sum.py"]
        async with opened(command, env, root) as emacs:
            await emacs.until("def old")
            yield Seat(emacs, vendors, root, tmp_path / "data")


async def test_ghost_text_is_seen_typed_through_and_accepted(seat: Seat) -> None:
    await seat.emacs.type(f"{META}>def add(a, b):{ENTER}")
    await seat.emacs.until("    return a + b\n")
    await seat.emacs.type("ret")
    await seat.emacs.until("    return a + b\n")
    await seat.emacs.type(f"{META}f")
    await seat.until("partial")
    await seat.emacs.type("\t")
    await seat.until("accepted")
    await seat.command("save-buffer")
    await seat.emacs.until(lambda _: "def add(a, b):\n    return a + b" in (seat.root / "sum.py").read_text())


async def test_the_package_compiles_without_a_warning(tmp_path: Path) -> None:
    source = tmp_path / "tierwise.el"
    source.write_text((PACKAGE / "tierwise.el").read_text("utf-8"))
    words = ("--batch", "--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", str(source))
    process = await asyncio.create_subprocess_exec(str(CACHE / "emacs" / "emacs"), *words)
    assert await process.wait() == 0


async def test_ghost_text_is_taken_away(seat: Seat) -> None:
    await seat.emacs.type(f"{META}>def add(a, b):{ENTER}")
    await seat.emacs.until("    return a + b\n")
    await asyncio.sleep(0.5)
    await seat.emacs.type("\x07")
    await seat.until("rejected")


async def test_a_hover_an_action_and_findings(seat: Seat) -> None:
    await seat.emacs.type(f"{META}<\x06\x06\x06\x06\x06")
    await seat.command("eldoc")
    await asyncio.sleep(2)
    await seat.command("eldoc-doc-buffer")
    await seat.emacs.until("It adds.")
    await seat.command("eglot-code-actions", "Generate docstring")
    await seat.emacs.until('"""Return the sum."""')
    seat.vendors.script = marking("BUG")
    await seat.command("tierwise-scan")
    await seat.command("flymake-show-buffer-diagnostics")
    await seat.emacs.until("Suspicious")


async def test_findings_are_shown_in_all_files(seat: Seat) -> None:
    (seat.root / "shop/two.py").write_text("def two(values):\n    return sum(values) / len(values)  # BUG\n")
    seat.vendors.script = marking("BUG")
    await seat.emacs.type("\x15")
    await seat.command("tierwise-scan")
    await seat.emacs.until("2 found")
    await seat.command("flymake-show-project-diagnostics")
    await seat.emacs.until(lambda seen: re.search(r"two\.py +2 .*Suspicious", seen))


async def test_a_question_is_answered_in_a_document(seat: Seat) -> None:
    seat.vendors.script = lambda cue: Line(text="# Sums\n\nThey are exact.")
    await seat.command("tierwise-ask", "How exact?")
    await seat.emacs.until("-ask.md")


async def test_a_wrong_fix_climbs_and_the_echo_area_says_why(seat: Seat) -> None:
    seat.vendors.script = marking("BUG")
    await seat.command("tierwise-scan")
    await seat.emacs.until("1 found")
    wrong, right = (
        f"```python\ndef old(a: int, b: int) -> int:\n    return {value}\n```" for value in ('"a"', "a - b")
    )
    seat.vendors.script = lambda cue: Line(text=right if "sonnet" in cue.model else wrong)
    await seat.command("flymake-goto-next-error")
    await seat.command("eglot-code-actions", "Fix with Tierwise\t")
    await seat.emacs.until("Tierwise: fast: 1 new type error, asking mid")
    await seat.emacs.until("return a - b")
    (entry, *_) = [entry for entry in history(seat.data / "ledger.sqlite3", last=50) if entry.kind == "fix"]
    assert [(attempt.tier, attempt.result) for attempt in entry.attempts if attempt.role == "answer"] == [
        ("fast", "rejected"),
        ("mid", "accepted"),
    ]


async def test_a_refactoring_changes_files_and_makes_one(seat: Seat) -> None:
    seat.vendors.script = typist(plan={**PLAN, "rename": [], "delete": []})
    await seat.command("find-file", "shop/prices.py")
    await seat.emacs.until("def net")
    await seat.command("tierwise-run", "refactor_files", "Rename net to without_tax.")
    await seat.emacs.until("Proceed?")
    await seat.emacs.type("y")
    await seat.emacs.until("def without_tax")
    await seat.command("save-some-buffers")
    await seat.emacs.type("!")
    await seat.emacs.until(lambda _: "without_tax" in (seat.root / "shop/orders.py").read_text())
    assert (seat.root / "shop/tax.py").read_text() == "RATE = 20\n"


async def test_settings_apply_live(seat: Seat) -> None:
    await seat.hovered("claude-haiku-5-5 · fast")
    await seat.emacs.type(f"{META}:(setq-default eglot-workspace-configuration")
    await seat.emacs.type(f'\'(:tierwise (:features (:hover (:tier "mid"))))){ENTER}')
    await seat.command("eglot-signal-didChangeConfiguration")
    await seat.hovered("claude-sonnet-5-5 · mid")


async def test_a_provider_goes_down_and_comes_back(seat: Seat) -> None:
    seat.vendors.script = lambda cue: Line(fault="status", status=500)
    await seat.command("goto-char", "5")
    await seat.command("eldoc")
    await seat.emacs.until("tierwise fast! $")
    seat.vendors.script = script
    await seat.hovered("It adds.")


async def test_a_server_that_died_is_started_again(seat: Seat) -> None:
    await seat.hovered("It adds.")
    (server,) = seat.emacs.servers()
    await asyncio.sleep(3)  # Eglot starts none anew that has not lived so long
    os.kill(server, signal.SIGKILL)
    await seat.emacs.until(lambda _: seat.emacs.servers() not in ([], [server]))
    for _ in range(8):
        await seat.emacs.type(f"{META}>{ENTER}def add(a, b):{ENTER}")
        if await seat.emacs.soon("    return a + b\n"):
            return
    raise AssertionError(seat.emacs.text())


async def test_lsp_mode_has_hovers_and_actions(tmp_path: Path) -> None:
    async with sit_down(tmp_path, with_lsp_mode()) as seat:
        await seat.emacs.until("LSP[tierwise:")
        await seat.command("goto-char", "5")
        for _ in range(8):
            await seat.command("lsp-describe-thing-at-point")
            if await seat.emacs.soon("It adds."):
                break
        await seat.command("lsp-execute-code-action")
        await seat.emacs.until("Select code action")
        await seat.emacs.type(f"Generate docstring{ENTER}")
        await seat.emacs.until('"""Return the sum."""')
