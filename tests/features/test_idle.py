"""A server that has nothing to do does nothing: no request, no message, and no timer but for what will be due."""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from desk import TIERS, environment
from rawclient import PATIENCE, RawProcess, process
from tierwise.rehearsal import Line, Rehearsal

SERVER = [sys.executable, str(Path(__file__).parent / "timed_server.py")]
OPTIONS = {"budget": {"day": 5.0}, "routing": {"mode": "learned"}}
MIDNIGHT = "Status._turned"
MARK = "Retention.keep.<locals>.<lambda>"


async def timers(client: RawProcess, expected: Counter[str]) -> None:
    """Wait until the server has these timers and no others."""
    async with asyncio.timeout(PATIENCE):
        while Counter(await client.ask("test/timers")) != expected:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def test_only_what_will_be_due_is_waited_for(tmp_path: Path) -> None:
    """That is the end of a day that has cost something, and how much of a suggestion that was taken is left then."""
    root = tmp_path / "project"
    root.mkdir()
    async with Rehearsal() as vendors, process(SERVER, env=environment(vendors, tmp_path, TIERS)) as client:
        (tmp_path / "config.toml").write_text(TIERS, "utf-8")
        folders = [{"uri": root.as_uri(), "name": "project"}]
        await client.initialize(workspaceFolders=folders, initializationOptions=OPTIONS)
        await client.ask("tierwise/status", {})
        await timers(client, Counter())
        vendors.script = lambda _cue: Line(text="return a + b")
        items = await ghost(client, (root / "sums.py").as_uri())
        await timers(client, Counter({MIDNIGHT: 1}))
        await client.ask("workspace/executeCommand", items[0]["command"])
        await timers(client, Counter({MIDNIGHT: 1, MARK: 3}))
        asked, client.heard[:] = len(vendors.requests), []
        await timers(client, Counter({MIDNIGHT: 1, MARK: 3}))
        assert (len(vendors.requests), client.heard) == (asked, [])
        assert await client.leave() == 0


async def ghost(client: RawProcess, uri: str) -> list[dict[str, Any]]:
    client.open(uri, "def add(a, b):\n    \n")
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 4}}
    answer = await client.ask("textDocument/inlineCompletion", {**place, "context": {"triggerKind": 1}})
    return answer["items"]
