"""A real Neovim in a project, rehearsed vendors around it."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from desk import TIERS, environment
from tierwise.ledger.history import Entry, history
from tierwise.rehearsal import Cue, Line, Rehearsal

from .nvim import Neovim, started

VERSIONS = ("neovim-0.12", "neovim-0.10")


def script(cue: Cue) -> Line:
    """Answer each kind of request by a word of its prompt."""
    if "<CURSOR>" in cue.prompt:
        return Line(text="return a + b")
    return Line(text="Return the sum." if "documentation for one definition" in cue.prompt else "It adds.")


@dataclass(slots=True)
class Seat:
    """A Neovim in a project, the vendors and the ledger."""

    nvim: Neovim
    vendors: Rehearsal
    root: Path
    data: Path

    def history(self) -> tuple[Entry, ...]:
        """Return the last decisions, the newest first."""
        return history(self.data / "ledger.sqlite3", last=200)

    def signals(self) -> set[str]:
        """Return what was told of suggestions so far."""
        return {str(note.signal) for entry in self.history() for note in entry.feedback}

    async def until(self, signal: str) -> None:
        """Wait until a signal stands in the ledger."""
        async with asyncio.timeout(15):
            while signal not in self.signals():  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(0.05)


@asynccontextmanager
async def sit_down(version: str, home: Path, config: str = TIERS) -> AsyncGenerator[Seat]:
    """Start a Neovim with the plugin set up, in an empty project."""
    project = home / "project"
    (project / ".git").mkdir(parents=True)
    async with Rehearsal(script) as vendors:
        (home / "config.toml").write_text(config)
        env = environment(vendors, home, config)
        async with started(version, env, project) as nvim:
            await nvim.lua("require('tierwise').setup({ cmd = { ..., '-m', 'tierwise', 'lsp' } })", sys.executable)
            await nvim.lua("""
              for key, name in pairs({ ['<Tab>'] = 'accept', ['<C-l>'] = 'accept-word', ['<C-j>'] = 'accept-line',
                  ['<C-n>'] = 'next', ['<C-p>'] = 'previous', ['<C-e>'] = 'dismiss' }) do
                vim.keymap.set('i', key, '<Plug>(tierwise-' .. name .. ')')
              end
            """)
            yield Seat(nvim, vendors, project, home / "data")
