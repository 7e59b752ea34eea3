"""A real Neovim 0.12 with its own client, driven over RPC, against rehearsed vendors."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from desk import TIERS, environment
from tierwise.ledger.history import history
from tierwise.rehearsal import Cue, Line, Rehearsal

pytestmark = pytest.mark.editor

HERE = Path(__file__).parent
CLIENT = HERE.parent.parent / "clients" / "neovim"
NEOVIM = Path(os.environ.get("EDITORS_CACHE", HERE.parent.parent / ".cache" / "editors")) / "neovim" / "nvim"


def script(cue: Cue) -> Line:
    """Answer each kind of request by a word of its prompt."""
    if "<CURSOR>" in cue.prompt:
        return Line(text="return a + b")
    return Line(text="Return the sum." if "documentation for one definition" in cue.prompt else "It adds.")


async def test_ghost_text_hover_and_docstring(tmp_path: Path) -> None:
    """Ghost text is seen and accepted, a hover explains, an action writes a docstring; the ledger knows of all."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    async with Rehearsal(script) as vendors:
        (tmp_path / "config.toml").write_text(TIERS)
        env = environment(vendors, tmp_path, TIERS)
        command = (str(NEOVIM), "--clean", "-l", str(HERE / "neovim.lua"), str(project), str(CLIENT), sys.executable)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=pipe, stderr=pipe)
        async with asyncio.timeout(100):
            out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    seen = json.loads(out)
    assert seen["ghost"] == "return a + b"
    assert seen["accepted"] == "    return a + b"
    assert "def add(a, b):" in seen["hover"]
    assert "It adds." in seen["hover"]
    assert seen["documented"] == 'def add(a, b):\n    """Return the sum."""\n    return a + b'
    entries = history(tmp_path / "data" / "ledger.sqlite3", last=50)
    assert {"inline_completion", "hover", "code_action"} <= {entry.feature for entry in entries}
    assert any(note.signal == "accepted" for entry in entries for note in entry.feedback)
