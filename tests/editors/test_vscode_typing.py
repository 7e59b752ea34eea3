"""Ghost text in a real VS Code beside what else there is: other candidates, the editor's list, slow models, budgets."""

import itertools
import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from statistics import median

import pytest
import pytest_asyncio

from tierwise.rehearsal import Line
from vscode import MEASURE, MEASURED, MEASURES, ROOT, TYPED, VSCode, vscode

pytestmark = [pytest.mark.editor, pytest.mark.asyncio(loop_scope="module")]

KEYS = {"ANTHROPIC_API_KEY": "sk-test-anthropic"}
MODEL = "tierwise.features.inlineCompletion.model"
SETTINGS = {
    "tierwise.suggestions.candidates": 3,
    "[javascript]": {MODEL: "anthropic/claude-sonnet-5-5"},
    "git.enabled": False,
    # While its own list is open, VS Code does not lead past the second candidate.
    "editor.wordBasedSuggestions": "currentDocument",
}
PYTHON = "def add(a, b):\n    \n"
FILES = {
    **MEASURES,
    "slow.py": PYTHON,
    "several.py": PYTHON,
    "lines.py": "def area(width, height):\n    \n",
    "list.py": "total_of_all = 1\n\n",
    "language.js": "function add(a, b) {\n    \n}\n",
    "language.py": PYTHON,
    "spent.py": MEASURE,
}
NEXT_LINE = "ctrl+alt+l"
"""VS Code has no key of its own for that."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def code(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[VSCode]:
    """VS Code whose log of the extension holds every message."""
    home: Path = tmp_path_factory.mktemp("vscode")
    keys = home / "data" / "User" / "keybindings.json"
    keys.parent.mkdir(parents=True)
    keys.write_text(json.dumps([{"key": NEXT_LINE, "command": "editor.action.inlineSuggest.acceptNextLine"}]), "utf-8")
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    async with vscode(home, FILES, user=SETTINGS, machine=machine, keys=KEYS, beside={"trace": True}) as opened:
        await opened.until("status", lambda text: "$0" in text)
        yield opened


def log(code: VSCode) -> str:
    """Return what the extension's channel has logged."""
    (path,) = (code.data.parent / "data" / "logs").rglob("Tierwise.log")
    return path.read_text("utf-8")


async def test_an_answer_that_takes_two_seconds_is_shown_nevertheless(code: VSCode) -> None:
    code.say(lambda cue: Line(text="return a + b", delay=2.0))
    await code.complete("slow.py", "ret", "urn a + b")


async def test_the_keys_of_vs_code_lead_from_one_candidate_to_the_next_and_back(code: VSCode) -> None:
    texts = itertools.cycle(("return a + b", "return b + a", "return sum((a, b))"))
    code.say(lambda cue: Line(text=next(texts)))
    await code.complete("several.py", "ret", "urn a + b")
    seen = ["urn a + b"]
    for _ in range(2):
        await code.do("press", "Alt+]")
        seen.append(await code.until("ghost", lambda text, last=seen[-1]: text not in ("", last)))
    assert sorted(seen) == ["urn a + b", "urn b + a", "urn sum((a, b))"]
    await code.do("press", "Alt+[")
    await code.until("ghost", lambda text: text == seen[1])
    await code.do("press", "Tab")
    await code.until("buffer", lambda text: f"    ret{seen[1]}\n" in text)


async def test_several_lines_are_taken_line_by_line(code: VSCode) -> None:
    code.say("if width < 0:\n        raise ValueError(width)")
    await code.do("openFile", "lines.py")
    await code.do("goto", 2, 5)
    await code.do("type", "if")
    await code.until("ghost", lambda text: text == " width < 0:")
    asked = len(code.vendors.requests)
    for line in ("    if width < 0:", "        raise ValueError(width)"):
        assert len(code.vendors.requests) == asked
        await code.do("press", "Control+Alt+l")
        await code.until("buffer", lambda text, line=line: f"{line}\n" in text)


async def test_ghost_text_goes_on_from_what_is_selected_in_the_editor_s_list(code: VSCode) -> None:
    code.say(" + 1")
    await code.do("openFile", "list.py")
    await code.do("goto", 2, 1)
    await code.do("type", "tot")
    await code.do("press", "Control+Space")
    await code.until("suggestions", lambda rows: "total_of_all" in rows)
    await code.until("ghost", lambda text: text == "al_of_all + 1")
    await code.do("picture", "list")
    asked = len(code.vendors.requests)
    for rest, written in ((" + 1", "total_of_all"), ("", "total_of_all + 1")):
        # What comes after the whole of it is another question.
        assert len(code.vendors.requests) == asked
        await code.do("press", "Tab")
        await code.until("ghost", lambda text, rest=rest: text == rest)
        await code.until("buffer", lambda text, written=written: text.rstrip().endswith(f"\n{written}"))


async def test_a_model_of_one_language_answers_there_and_nowhere_else(code: VSCode) -> None:
    code.say("return a + b")
    await code.complete("language.py", "ret", "urn a + b")
    code.say("return a + b;")
    await code.complete("language.js", "ret", "urn a + b;")
    script = await code.decided(lambda entry: entry.language == "javascript")
    assert [attempt.model for attempt in script.attempts] == ["anthropic/claude-sonnet-5-5"]
    assert "in javascript" in script.reason
    python = [entry for entry in code.decisions() if entry.language == "python"]
    assert {attempt.model for entry in python for attempt in entry.attempts if attempt.called} == {
        "anthropic/claude-haiku-5-5"
    }


async def test_the_extension_adds_little_to_the_server_s_time(code: VSCode) -> None:
    """Prints its figures; the log holds the moments."""
    took = re.findall(
        r"ghost text: ([\d.]+) ms until asked, ([\d.]+) ms until answered, ([\d.]+) ms until given", log(code)
    )
    assert len(took) > 3
    ours = [float(asked) + float(given) for asked, _answered, given in took]
    print(f"activation: {(await code.do('activation', 'Tierwise')).splitlines()}")
    print(f"ours around {len(ours)} requests for ghost text: median {median(ours):.2f} ms, most {max(ours):.2f} ms")


async def test_a_budget_that_is_reached_is_shown_and_only_the_workspace_answers_from_then_on(code: VSCode) -> None:
    await code.do("clickStatus")
    await code.do("pick", "Budgets")
    await code.do("pick", "A day")
    await code.do("answer", "empty for no limit", "0.000001")
    code.say("return a + b")
    await code.until("status", lambda text: "Budget reached" in text)
    assert await code.do("statusColour") == "warning"
    asked = len(code.vendors.requests)
    await code.complete("spent.py", TYPED, MEASURED)
    await code.do("picture", "budget")
    assert len(code.vendors.requests) == asked
    assert log(code).count("Received notification 'window/showMessage'") == 1
    assert "only what costs nothing answers from now on" in await code.do("notifications")
