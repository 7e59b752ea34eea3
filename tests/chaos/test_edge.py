"""The protocol's edge: whatever an editor sends, in whatever order and however large, each request gets one answer.

A short run is part of the tests; ``make chaos`` tries many more. The figures are printed at the end.
"""

import os
import re
from pathlib import Path

import pytest

from chaos.edge import Line, Wild, line
from chaos.storm import footprint
from desk import TIERS, environment
from tierwise.lsp import Code
from tierwise.lsp.hot import LARGEST
from tierwise.rehearsal import Line as Said
from tierwise.rehearsal import Rehearsal

INPUTS = int(os.environ.get("FUZZ_INPUTS", "200"))
MEGABYTES = int(os.environ.get("FUZZ_MEGABYTES", "20"))
SEED = int(os.environ.get("FUZZ_SEED", "20261128"))
AT_ONCE = 25
"""Messages between two looks at whether everything was answered."""

A = "file:///work/a.py"
BIG = "file:///work/big.py"
AT_A = {"textDocument": {"uri": A}, "position": {"line": 0, "character": 4}}


def home(vendors: Rehearsal, directory: Path) -> dict[str, str]:
    return environment(vendors, directory, TIERS.partition("# A busy")[0])


async def begin(at: Line) -> list[str]:
    result = await at.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {"window": {}}})
    at.say({"jsonrpc": "2.0", "method": "initialized", "params": {}})
    return result["capabilities"]["executeCommandProvider"]["commands"]


def crashes(directory: Path) -> list[str]:
    """Return the exceptions that the server's log tells of, each with where it was raised."""
    logs = "\n".join(log.read_text("utf-8") for log in directory.rglob("tierwise.log*"))
    assert "refused" in logs, "the log is where we look"
    return re.findall(r"(?m)^.*\n^\w+Error$", logs)


async def test_every_request_of_a_wild_editor_is_answered_once_and_properly(tmp_path: Path) -> None:
    async with Rehearsal(lambda _cue: Said(text="whole = 1")) as vendors, line(home(vendors, tmp_path), SEED) as at:
        wild = Wild(SEED, await begin(at))
        for number in range(INPUTS):
            at.say(wild.message())
            if number % AT_ONCE == AT_ONCE - 1:
                await at.settle()
        await at.settle()
        assert (await at.ask("tierwise/status", {}))["kind"]
    print(f"\nwild messages {INPUTS}, requests {wild.asked}, errors {dict(sorted(at.errors.items()))}")
    assert "\n".join(at.lost) == ""
    assert at.internal == []
    assert crashes(tmp_path) == [], "no handler of a notification fell over either"
    assert set(at.answers.values()) == {1}
    assert set(at.errors) <= set(Code)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="memory is read from Linux's /proc")
async def test_a_huge_document_is_left_alone_and_everything_else_goes_on(tmp_path: Path) -> None:
    text = "def some_function(argument, other):  # a line of code\n" * (MEGABYTES * 1_000_000 // 54)
    async with Rehearsal(lambda _cue: Said(text="whole = 1")) as vendors, line(home(vendors, tmp_path), SEED) as at:
        await begin(at)
        open_at(at, A, "def f(a):\n    pass\n")
        assert await at.ask("textDocument/hover", AT_A)
        before = footprint(at.process.pid)[0]
        open_at(at, BIG, text)
        big = {"textDocument": {"uri": BIG}, "position": {"line": 9, "character": 8}}
        for method in ("textDocument/hover", "textDocument/inlineCompletion", "textDocument/completion"):
            assert await at.ask(method, {**big, "context": {"triggerKind": 1}}) is None
        change(at, BIG, {"text": "x", "range": {"start": AT_A["position"], "end": AT_A["position"]}})
        change(at, BIG, {"text": text})
        open_at(at, A, text)
        change(at, A, {"text": "def f(a):\n    pass\n"})
        assert await at.ask("textDocument/hover", AT_A), "small again, it is helped in again"
        change(at, A, {"text": text[: LARGEST + 1]})
        assert await at.ask("textDocument/hover", AT_A) is None
        at.say({"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": BIG}}})
        assert (await at.ask("tierwise/status", {}))["kind"]
        after = footprint(at.process.pid)[0]
        peak = most(at.process.pid)
        assert at.errors == {}
    print(f"\na document of {MEGABYTES} MB: memory {before:.0f} > {peak:.0f} at the most > {after:.0f} MB")
    assert after < before + 60
    assert peak < before + 60 + 6 * MEGABYTES


def open_at(at: Line, uri: str, text: str) -> None:
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    at.say({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}})


def change(at: Line, uri: str, change: dict[str, object]) -> None:
    params = {"textDocument": {"uri": uri, "version": 9}, "contentChanges": [change]}
    at.say({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})


def most(pid: int) -> float:
    """Return the most memory that the process ever had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(row.split()[1]) / 1024 for row in status.splitlines() if row.startswith("VmHWM"))
