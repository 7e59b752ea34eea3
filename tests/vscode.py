"""A real VS Code with our extension installed from its package, and what a person does in its window.

``make editors`` fetches the editor and builds the package; without them every test here fails.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk import TIERS
from projects import commit, write
from tierwise.ledger.history import Entry, history
from tierwise.rehearsal import Cue, Line, Rehearsal

ROOT = Path(__file__).parents[1]
CACHE = Path(os.environ.get("EDITORS_CACHE", ROOT / ".cache" / "editors"))
VSIX = ROOT / "vscode-extension" / "dist" / "tierwise.vsix"
DRIVER = ROOT / "tests" / "editors" / "vscode" / "drive.mjs"
CONFIG = TIERS.replace(', "openai/gpt-6-luna"', "")
"""One vendor: who answers is the same in every run."""
_BLOCK = "    found = collect_all_measurements(station, first_day, last_day)\n    store(found, station)\n\n"
MEASURES = {
    f"measures{number}.py": "".join(
        f"def measure_{name}(station, first_day, last_day):\n{_BLOCK}" for name in "abcdefgh"
    )
    for number in range(6)
}
"""A workspace so repetitive that it completes itself: ``TYPED`` in the second line of ``MEASURE`` by ``MEASURED``."""
MEASURE = "def measure_new(station, first_day, last_day):\n    \n"
TYPED, MEASURED = "found = collect_all_", "measurements(station, first_day"
PATIENCE = float(os.environ.get("EDITORS_PATIENCE", "120"))
"""Seconds until a test gives up waiting for something to be seen."""
STARTING = 240.0
"""The same for a whole VS Code, and for the server's environment."""


@dataclass(slots=True)
class VSCode:
    """The window, the vendors and the folder that is open."""

    process: asyncio.subprocess.Process
    vendors: Rehearsal
    root: Path
    data: Path

    def say(self, text: str | Callable[[Cue], Line]) -> None:
        """Let every model answer so from now on."""
        self.vendors.script = text if callable(text) else lambda cue: Line(text=text)

    async def do(self, method: str, *arguments: object) -> Any:
        """Do something in the window, a method of ``window.mjs``; a failure leaves a picture."""
        try:
            return await self._ask(method, *arguments)
        except AssertionError as error:
            await self._fail()
            raise AssertionError(f"{error}; notifications: {await self._ask('notifications')}") from None

    async def until(
        self, method: str, holds: Callable[[Any], object], *arguments: object, patience: float = PATIENCE
    ) -> Any:
        """Read something from the window until it is as it shall be, and return it."""
        end = time.monotonic() + patience
        while not holds(seen := await self.do(method, *arguments)):
            if time.monotonic() > end:
                await self._fail()
                told = await self._ask("notifications")
                raise AssertionError(f"{method} never was as expected: {seen!r}; notifications: {told}")
            await asyncio.sleep(0.1)
        return seen

    async def complete(self, file: str, text: str, expected: str) -> None:
        """Type into the indented second line of a file until ghost text begins as expected."""
        await self.do("openFile", file)
        await self.do("goto", 2, 5)
        await self.do("type", text)
        await self.until("ghost", lambda ghost: ghost.startswith(expected))

    def decisions(self) -> tuple[Entry, ...]:
        """Return what the ledger holds, the newest first."""
        path = self.data / "ledger.sqlite3"
        return history(path, last=1000) if path.exists() else ()

    async def decided(self, holds: Callable[[Entry], object]) -> Entry:
        """Wait for a decision in the ledger."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for entry in self.decisions():
                    if holds(entry):
                        return entry
                await asyncio.sleep(0.05)

    async def _fail(self) -> None:
        test = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0]
        await self._ask("picture", f"failed-{test}")
        await self._ask("leave")

    async def _ask(self, method: str, *arguments: object) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([method, *arguments]).encode() + b"\n")
        return await answer(self.process)


async def answer(process: asyncio.subprocess.Process) -> Any:
    """Return the driver's next answer; an error there is an ``AssertionError`` here."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        assert process.stderr is not None
        raise AssertionError(f"the driver is gone: {(await process.stderr.read()).decode()}")
    said = json.loads(line)
    if "error" in said:
        raise AssertionError(said["error"])
    return said["value"]


def fetched() -> dict[str, str]:
    """Return the paths of what was fetched."""
    lines = (CACHE / "vscode" / "env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def environment(vendors: Rehearsal, home: Path, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of VS Code: no network, vendors that are rehearsed, and no keys but the given ones."""
    keyless = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    wheels = str(CACHE / "wheels")
    return {
        **keyless,
        "HOME": str(home),
        "TIERWISE_CONFIG": str(home / "config.toml"),
        "TIERWISE_DATA_DIR": str(home / "tierwise"),
        "ANTHROPIC_BASE_URL": vendors.url_anthropic,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": wheels,
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": wheels,
        **keys,
    }


@asynccontextmanager
async def vscode(
    home: Path,
    project: Mapping[str, str],
    *,
    config: str = CONFIG,
    user: Mapping[str, object] | None = None,
    machine: Mapping[str, object] | None = None,
    keys: Mapping[str, str] | None = None,
    beside: Mapping[str, object] | None = None,
) -> AsyncGenerator[VSCode]:
    """Open a project in VS Code; ``user`` and ``machine`` are its settings of these scopes, ``beside`` is what its
    driver shall know beyond that.
    """
    root, pictures = home / "project", CACHE / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    root.mkdir(parents=True)
    write(project, root)
    commit(root)
    (home / "config.toml").write_text(config, "utf-8")
    tools = fetched()
    plan = {
        "tools": tools,
        "home": str(home),
        "folder": str(root),
        "vsix": str(VSIX),
        "pictures": str(pictures),
        "patience": PATIENCE,
        "user": user or {},
        "machine": machine or {},
        **(beside or {}),
    }
    async with Rehearsal() as vendors:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            tools["NODE"],
            str(DRIVER),
            json.dumps(plan),
            env=environment(vendors, home, keys or {}),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            limit=1 << 24,
        )
        try:
            async with asyncio.timeout(STARTING):
                await answer(process)
            yield VSCode(process, vendors, root, home / "tierwise")
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
