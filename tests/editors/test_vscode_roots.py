"""Two folders in one window of a real VS Code, each with settings of its own."""

import json
from pathlib import Path

import pytest

from vscode import ROOT, VSCode, vscode

pytestmark = pytest.mark.editor

MODEL = "tierwise.features.inlineCompletion.model"
PYTHON = "def add(a, b):\n    \n"
HAIKU, SONNET, OPUS = (f"anthropic/claude-{name}-5-5" for name in ("haiku", "sonnet", "opus"))
AGAIN = tuple(f"again{number}.py" for number in range(9))
FILES = {
    "one/in_one.py": PYTHON,
    "two/in_two.py": PYTHON,
    "two/.vscode/settings.json": json.dumps({MODEL: OPUS}),
    **{f"one/{name}": PYTHON for name in AGAIN},
}


async def test_a_setting_of_one_folder_decides_for_its_files_alone(tmp_path: Path) -> None:
    """Also one that is written while the window is open."""
    workspace = tmp_path / "two.code-workspace"
    workspace.write_text(json.dumps({"folders": [{"path": f"project/{name}"} for name in ("one", "two")]}), "utf-8")
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    keys = {"ANTHROPIC_API_KEY": "sk-test-anthropic"}
    beside = {"workspace": str(workspace)}
    async with vscode(tmp_path, FILES, machine=machine, keys=keys, beside=beside) as code:
        await code.until("status", lambda text: "$0" in text)
        code.say("return a + b")
        assert await answered(code, "in_two.py") == {OPUS}
        assert await answered(code, "in_one.py") == {HAIKU}
        await code.do("picture", "roots")
        own = code.root / "one" / ".vscode" / "settings.json"
        own.parent.mkdir()
        own.write_text(json.dumps({MODEL: SONNET}), "utf-8")
        # It takes VS Code a moment to read its own file.
        seen = set[str]()
        files = iter(AGAIN)
        while seen != {SONNET}:
            seen = await answered(code, next(files))


async def answered(code: VSCode, file: str) -> set[str]:
    """Complete in a file and return who has answered."""
    known = {entry.task for entry in code.decisions()}
    await code.complete(file, "ret", "urn a + b")
    entry = await code.decided(lambda entry: entry.task not in known and any(one.called for one in entry.attempts))
    return {attempt.model for attempt in entry.attempts if attempt.called}
