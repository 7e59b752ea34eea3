"""Ghost text while a scan of the workspace runs in the same server: the same latency as without one, or nearly."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import pytest

from bench.stopwatch import percentile, row
from desk import TIERS, environment
from features.soak.raw_client import RawClient

PROBED = Path(__file__).parent / "probed_server.py"
FILES, CALLS = 1_500, 100
BACKEND, LOOK = 0.05, 0.3
"""Seconds until a completion and until a first look are answered."""
CONFIG = TIERS + (
    '[suggestions]\ncandidates = 1\nahead = "never"\n[features.inline_completion]\ntier = "fast"\n'
    "[budget]\nask_above = 1000.0\n[review]\nbudget = 100.0\n"
)
SCRIPT = f"""\
[[rule]]
prompt = "The parts to look at"
text = '{{"suspects": []}}'
delay = {LOOK}
[[rule]]
text = "compute(first, second)"
delay = {BACKEND}
"""
CODE = "def f{n}_{each}(first, second):\n    total = first + {n}\n    return total * second\n\n\n"

pytestmark = pytest.mark.bench


@asynccontextmanager
async def seat(home: Path) -> AsyncGenerator[tuple[RawClient, str]]:
    """Start vendors in a process of their own and a server with a workspace and one open document."""
    root = home / "workspace"
    for number in range(FILES):
        folder = root / f"package_{number % 40}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"m{number}.py").write_text("".join(CODE.format(n=number, each=each) for each in range(4)))
    (home / "config.toml").write_text(CONFIG)
    (home / "script.toml").write_text(SCRIPT)
    vendors = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tierwise.rehearsal", "--script", str(home / "script.toml")), stdout=PIPE
    )
    assert vendors.stdout is not None
    urls = json.loads(await vendors.stdout.readline())
    env = environment(None, home, CONFIG) | {"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": urls["anthropic"]}
    try:
        client = await RawClient.start(home / "late.json", env, PROBED)
        await client.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})[1]
        client.tell("initialized", {})
        uri = (root / "typed.py").as_uri()
        item = {"uri": uri, "languageId": "python", "version": 1, "text": "\n"}
        client.tell("textDocument/didOpen", {"textDocument": item})
        await asyncio.sleep(5.0)  # the index of the workspace is built by then
        yield client, uri
        assert await client.stop() == 0
    finally:
        vendors.terminate()
        await vendors.wait()


async def complete(client: RawClient, uri: str, name: str, version: int) -> tuple[list[float], int]:
    """Return how long completions took, each in a line that was never seen, and the document's last version."""
    took: list[float] = []
    for number in range(CALLS):
        version += 1
        text = f"{name}{number} = "
        item = {"uri": uri, "version": version}
        client.tell("textDocument/didChange", {"textDocument": item, "contentChanges": [{"text": f"{text}\n"}]})
        params = {
            "textDocument": {"uri": uri},
            "position": {"line": 0, "character": len(text)},
            "context": {"triggerKind": 1},
        }
        start = perf_counter()
        answer = await client.ask("textDocument/inlineCompletion", params)[1]
        took.append(perf_counter() - start)
        assert answer["items"]
        await asyncio.sleep(0.03)
    return took, version


async def test_completions_keep_their_latency_while_a_scan_runs(tmp_path: Path) -> None:
    async with seat(tmp_path) as (client, uri):
        _, version = await complete(client, uri, "warm", 1)
        alone, version = await complete(client, uri, "alone", version)
        arguments = {"command": "tierwise.scan", "arguments": [{"scope": "workspace"}]}
        scan = client.ask("workspace/executeCommand", arguments)[1]
        beside, version = await complete(client, uri, "beside", version)
        assert not scan.done()  # else nothing was measured
        after, _ = await complete(client, uri, "later", version)
        assert not scan.done()
        scan.cancel()
    print(f"\n\n{CALLS} completions, backend {BACKEND * 1e3:.0f} ms; a scan of {FILES} files, 4 questions at a time")
    print(row("without a scan", alone))
    for name, samples in (("as a scan begins, planning too", beside), ("while it goes on", after)):
        middle, tail = (percentile(samples, share) / percentile(alone, share) for share in (0.5, 0.99))
        print(row(name, samples, f"ratio {middle:.2f} at p50, {tail:.2f} at p99"))
