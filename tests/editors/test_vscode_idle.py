"""A real VS Code that is left alone leaves the server alone, and the server does nothing by itself."""

import asyncio
import os
from pathlib import Path

import pytest

from vscode import MEASURE, MEASURED, MEASURES, ROOT, TYPED, VSCode, vscode

pytestmark = pytest.mark.editor

IDLE = 90.0
"""Seconds in which nothing may happen. What follows from work comes within a minute."""
WATCHES = 4
"""Of which one must be quiet: what work has caused may still come in the first ones."""
LIMITED = {"tierwise.budget.day": 5, "tierwise.routing.mode": "learned"}
"""The ledger and what is learned are shared with other editors."""


def server(code: VSCode) -> Path:
    """Return the folder of the server's process in ``/proc``."""
    ours = f"TIERWISE_DATA_DIR={code.data}".encode()
    found = [path for path in Path("/proc").glob("[0-9]*") if _says(path / "cmdline", b"tierwise\0lsp")]
    (process,) = (path for path in found if _says(path / "environ", ours))
    return process


def _says(path: Path, words: bytes) -> bool:
    try:
        return words in path.read_bytes()
    except OSError:  # it has ended, or is another user's
        return False


def woken(process: Path) -> int:
    """Return how often all threads of a process have waited for something so far."""
    states = [(task / "status").read_text("utf-8").splitlines() for task in (process / "task").iterdir()]
    return sum(int(line.split()[1]) for state in states for line in state if line.startswith("voluntary_ctxt"))


@pytest.mark.skipif(os.name != "posix" or not Path("/proc/self").exists(), reason="needs Linux to count wakeups")
async def test_nothing_wakes_the_server_while_nobody_does_anything(tmp_path: Path) -> None:
    """A message would, a timer would, a request to a vendor would."""
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    keys = {"ANTHROPIC_API_KEY": "sk-test-anthropic"}
    files = {**MEASURES, "measure.py": MEASURE, "sums.py": "def add(a, b):\n    \n"}
    async with vscode(tmp_path, files, user=LIMITED, machine=machine, keys=keys) as code:
        code.say("return a + b")
        await code.until("status", lambda text: "$0" in text)
        await code.complete("measure.py", TYPED, MEASURED)
        await code.complete("sums.py", "ret", "urn a + b")
        process, seen = server(code), list[int]()
        for _ in range(WATCHES):
            asked, before = len(code.vendors.requests), woken(process)
            await asyncio.sleep(IDLE)
            seen.append(woken(process) - before)
            assert len(code.vendors.requests) == asked
            if not seen[-1]:
                break
        print(f"wakeups of the server in each {IDLE:.0f} s of rest: {seen}")
        assert seen[-1] == 0
