"""A real server for a client of another dialect: raw messages in and out, the vendors rehearsed."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk import TIERS, environment
from rawclient import PATIENCE, RawProcess, process
from tierwise.ledger.history import Entry, history
from tierwise.rehearsal import Line, Rehearsal

SERVER = [sys.executable, "-m", "tierwise", "lsp"]


@dataclass(slots=True)
class Seat:
    """A client's seat: what it says, what the server made of it, what the vendors were asked."""

    client: RawProcess
    vendors: Rehearsal
    root: Path
    data: Path
    result: Mapping[str, Any]

    def say(self, text: str) -> None:
        """Let every model answer so from now on."""
        self.vendors.script = lambda _cue: Line(text=text)

    def open(self, name: str, text: str, version: int = 1) -> str:
        """Open a document and return its URI."""
        uri = (self.root / name).as_uri()
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    async def signals(self, task: object, wanted: str) -> Mapping[str, float]:
        """Return the signals of the suggestion with this task id, as soon as the ledger has the wanted one."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for entry in self._history():
                    found = {str(one.signal): one.value for one in entry.feedback}
                    if entry.task == task and wanted in found:
                        return found
                await asyncio.sleep(0.02)

    def _history(self) -> tuple[Entry, ...]:
        path = self.data / "ledger.sqlite3"
        return history(path, last=50) if path.exists() else ()


@asynccontextmanager
async def sit_down(home: Path, params: Mapping[str, Any], *arguments: str) -> AsyncGenerator[Seat]:
    """Start vendors and server, say ``initialize`` with the params and a folder, and say goodbye at the end."""
    root = home / "project"
    root.mkdir(parents=True)
    (home / "config.toml").write_text(TIERS, "utf-8")
    async with Rehearsal() as vendors, process(SERVER, *arguments, env=environment(vendors, home, TIERS)) as client:
        folders = [{"uri": root.as_uri(), "name": "project"}]
        result = await client.ask("initialize", {"capabilities": {}, "workspaceFolders": folders, **params})
        client.notify("initialized", {})
        yield Seat(client, vendors, root, home / "data", result)
        assert await client.leave() == 0
