"""The walkthrough of a real VS Code finds a model server on this machine, here a rehearsed Ollama, and uses it."""

import socket
from pathlib import Path

import pytest

from tierwise.rehearsal import Line, Rehearsal
from vscode import ROOT, vscode

pytestmark = pytest.mark.editor

MODEL = "qwen2.5-coder:7b"
FILES = {"sums.py": "def add(a, b):\n    \n"}
LOOK = "Look for models on this machine"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def test_the_walkthrough_finds_ollama_and_it_completes_for_nothing(tmp_path: Path) -> None:
    port = free_port()
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    where = {"OLLAMA_HOST": f"127.0.0.1:{port}", "ANTHROPIC_BASE_URL": ""}
    async with vscode(tmp_path, FILES, config="", machine=machine, keys=where) as code:
        await code.until("status", lambda text: "$0" in text)
        await code.do("command", "Tierwise: Get Started")
        await code.do("step", "Give it models")
        await code.until("stepText", lambda text: "Ollama" in text)
        await code.do("stepButton", LOOK)
        told = await code.until("notifications", lambda text: "found no model" in text)
        assert "no model server such as Ollama answers" in told
        await code.do("picture", "walkthrough")
        async with Rehearsal(lambda cue: Line(text="return a + b"), port=port, models=(MODEL,)) as ollama:
            await code.do("stepButton", LOOK)
            await code.until("notifications", lambda text: f"Tierwise found ollama/{MODEL} (fast)" in text)
            await code.until("doneSteps", lambda titles: "Give it models" in titles)
            await code.do("picture", "ollama")
            await code.complete("sums.py", "ret", "urn a + b")
            await code.until("status", lambda text: text.endswith(f"fast · {MODEL} · $0"))
            assert {request.model for request in ollama.requests} == {MODEL}
        assert code.vendors.requests == []
