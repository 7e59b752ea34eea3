"""A real VS Code with our extension from its package, driven through its window, against rehearsed vendors."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tierwise.ledger.history import Entry, history
from tierwise.rehearsal import Cue, Line, Rehearsal

pytestmark = pytest.mark.editor

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = Path(os.environ.get("EDITORS_CACHE", ROOT / ".cache" / "editors"))
VSIX = ROOT / "vscode-extension" / "dist" / "tierwise.vsix"
CONFIG = """\
[tiers.fast]
models = ["anthropic/claude-haiku-5-5"]
[tiers.mid]
models = ["anthropic/claude-sonnet-5-5"]
[tiers.frontier]
models = ["anthropic/claude-opus-5-5"]
"""
KEY = "sk-test-from-the-secret-store"


def script(cue: Cue) -> Line:
    """Answer each kind of request by a word of its prompt."""
    if "<CURSOR>" in cue.prompt:
        return Line(text="urn a + b")
    return Line(text="Return the sum." if "documentation for one definition" in cue.prompt else "It adds.")


def tools() -> dict[str, str]:
    """Return the paths of what was fetched; an editor that could not be fetched is a failure."""
    lines = (CACHE / "vscode" / "env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def environment(vendors: Rehearsal, home: Path) -> dict[str, str]:
    """Return the environment of VS Code: no key, no network, and vendors that are rehearsed."""
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
    }


async def drive(vendors: Rehearsal, home: Path, folder: Path) -> dict[str, Any]:
    """Run the session and return what was seen."""
    pictures = CACHE / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    fetched = tools()
    plan = {
        "tools": fetched,
        "home": str(home),
        "folder": str(folder),
        "vsix": str(VSIX),
        "pictures": str(pictures),
        "key": KEY,
    }
    command = (fetched["NODE"], str(HERE / "vscode" / "drive.mjs"), json.dumps(plan))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=environment(vendors, home), stdout=pipe, stderr=pipe)
    async with asyncio.timeout(500):
        out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    seen: dict[str, Any] = json.loads(out)
    assert "failed" not in seen, json.dumps(seen, indent=2)
    return seen


async def test_a_new_user_s_session(tmp_path: Path) -> None:
    """The server sets itself up, a key is set, ghost text is accepted, an action and a hover answer."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "sums.py").write_text("def add(a, b):\n    \n")
    (tmp_path / "config.toml").write_text(CONFIG)
    async with Rehearsal(script) as vendors:
        seen = await drive(vendors, tmp_path, folder)
    print(json.dumps(seen, indent=2))
    assert seen["ghost"] == "urn a + b"
    assert '"""Return the sum."""' in seen["documented"]
    assert "It adds." in seen["hover"]
    entries: tuple[Entry, ...] = history(tmp_path / "tierwise" / "ledger.sqlite3", last=50)
    assert any(note.signal == "accepted" for entry in entries for note in entry.feedback)
