"""Work that is asked for in a real VS Code: changes, reports, findings, messages, and what happens without a vendor."""

import json
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from findings.scanning import marking
from projects import PYTHON
from tierwise.rehearsal import Cue, Line
from vscode import CONFIG, ROOT, VSCode, vscode

pytestmark = [pytest.mark.editor, pytest.mark.asyncio(loop_scope="module")]

KEYS = {"ANTHROPIC_API_KEY": "sk-test-anthropic"}
SETTINGS = {"tierwise.budget.askAbove": 1000, "tierwise.routing.mode": "cascade"}
THEMES = {
    "hc-light": "Default High Contrast Light",
    "hc-black": "Default High Contrast",
    "vs-dark": "Dark Modern",
    "vs": "Light Modern",
}
"""Of each kind one."""
TYPED = "def f(a: int) -> int:\n    retrun a\n"
FILES = {
    **PYTHON,
    "pyrightconfig.json": "{}",
    "typed.py": TYPED,
    "mean.py": "def mean(values):\n    return sum(values) / len(values)  # BUG\n",
}
PLAN = {
    "need": [],
    "plan": "Rename net to without_tax.",
    "changes": [{"path": f"shop/{name}.py", "what": "Rename."} for name in ("prices", "orders")],
    "rename": [],
    "delete": [],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def code(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[VSCode]:
    """VS Code with a server of the checkout and a key in the environment."""
    home: Path = tmp_path_factory.mktemp("vscode")
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    async with vscode(home, FILES, config=CONFIG, user=SETTINGS, machine=machine, keys=KEYS) as opened:
        await opened.until("status", lambda text: "$0" in text)
        yield opened


def block(path: str, search: str, new: str) -> str:
    return f"{path}\n<<<<<<< SEARCH\n{search}\n=======\n{new}\n>>>>>>> REPLACE\n"


async def test_a_wrong_fix_climbs_to_a_stronger_model(code: VSCode) -> None:
    good, wrong = ("```python\ndef f(a: int) -> int:\n    return " + answer + "\n```" for answer in ("a", '"a"'))
    code.say(lambda cue: Line(text=good if "sonnet" in cue.model else wrong))
    await code.do("openFile", "typed.py")
    await code.do("goto", 2, 6)
    await code.do("command", "Tierwise: Fix the Problems Here")
    await code.until("buffer", lambda text: "    return a\n" in text)
    entry = await code.decided(lambda entry: entry.kind == "fix")
    assert [(attempt.tier, attempt.result) for attempt in entry.attempts if attempt.role == "answer"] == [
        ("fast", "rejected"),
        ("mid", "accepted"),
    ]
    await code.do("picture", "fix")


async def test_an_edit_in_own_words_is_shown_as_a_diff_and_made_where_it_is_accepted(code: VSCode) -> None:
    code.say(block("typed.py", "    return a", "    return a + 1"))
    await code.do("openFile", "typed.py")
    await code.do("goto", 2, 6)
    for choice, expected in (("Reject", "    return a\n"), ("Accept", "    return a + 1\n")):
        await code.do("command", "Tierwise: Edit as I Say")
        await code.do("answer", "What shall change here?", "count one more")
        await code.until("diff", lambda text: "    return a + 1" in text)
        await code.do("picture", f"edit-{choice.lower()}")
        await code.do("titleButton", f"{choice} the Proposed Change")
        await code.until("diff", lambda text: text == "")
        await code.until("buffer", lambda text, expected=expected: expected in text)
    assert await code.do("notifications") == ""


async def test_a_refactoring_of_several_files_is_previewed_and_applied(code: VSCode) -> None:
    prices = block("shop/prices.py", "def net(gross, rate):", "def without_tax(gross, rate):")
    orders = block("shop/orders.py", "from shop.prices import net", "from shop.prices import without_tax")
    calls = block("shop/orders.py", "            x += net(line, 20)", "            x += without_tax(line, 20)")

    def script(cue: Cue) -> Line:
        if "You plan refactorings" in cue.prompt:
            return Line(text=json.dumps(PLAN))
        return Line(text=prices if "Your file: shop/prices.py" in cue.prompt else orders + calls)

    code.say(script)
    await code.do("openFile", "prices.py")
    await code.do("command", "Tierwise: Refactor Over Several Files")
    await code.do("answer", "What shall change over all files?", "rename net to without_tax")
    await code.until("preview", lambda text: "prices.py" in text and "orders.py" in text)
    await code.do("picture", "refactor")
    await code.do("decide", "Apply")
    await code.until("buffer", lambda text: "def without_tax(gross, rate):" in text)


async def test_findings_of_the_workspace_stand_among_the_problems_and_go_with_their_fix(code: VSCode) -> None:
    code.say(marking("BUG"))
    await code.do("command", "Tierwise: Look for Defects in the Workspace")
    rows = await code.until("problems", lambda text: "Suspicious: return sum(values)" in text)
    assert "mean.py" in rows
    await code.do("picture", "problems")
    code.say("```python\ndef mean(values):\n    return sum(values) / max(1, len(values))\n```")
    await code.do("openFile", "mean.py")
    await code.do("goto", 2, 8)
    await code.do("action", "Fix with Tierwise: Suspicious")
    await code.until("buffer", lambda text: "max(1, len(values))" in text)
    await code.until("problems", lambda text: "Suspicious" not in text)


async def test_a_report_is_shown_as_a_rendered_page(code: VSCode) -> None:
    code.say("# The tax\n\nIt is computed in **prices**.")
    await code.do("command", "Tierwise: Ask About the Code")
    await code.do("answer", "What do you want to know", "Where is the tax computed?")
    text = await code.until("webview", lambda text: "It is computed in prices." in text)
    assert "claude-sonnet-5-5" in text
    await code.do("picture", "report")


async def test_the_button_of_source_control_writes_a_commit_message(code: VSCode) -> None:
    code.say("mean: leave empty lists alone")
    (code.root / "schema.sql").write_text("CREATE TABLE customers (id INTEGER PRIMARY KEY);\n")
    await code.do("command", "Git: Refresh")
    await code.do("sourceControlButton", "Write a Commit Message with Tierwise")
    await code.until("commitMessage", lambda text: "mean: leave empty lists alone" in text)
    await code.do("picture", "commit")


async def test_tests_are_written_into_the_file_where_the_project_keeps_them(code: VSCode) -> None:
    tested = (
        "from shop.prices import label\n\n\ndef test_a_label_names_its_price():\n    assert label('a', 1) == 'a: 1'\n"
    )
    code.say(block("tests/test_prices.py", "", tested))
    await code.do("openFile", "prices.py")
    await code.do("goto", 13, 6)
    await code.do("command", "Tierwise: Write Tests")
    await code.until("active", lambda name: name == "test_prices.py")
    await code.until("buffer", lambda text: "def test_a_label_names_its_price():" in text)
    await code.do("picture", "tests")


async def test_the_last_decisions_say_why(code: VSCode) -> None:
    await code.do("command", "Tierwise: Why This Answer")
    await code.until("picks", lambda rows: any("commit message" in row for row in rows))
    await code.do("picture", "decisions")
    await code.do("pick", "commit message")
    await code.until("webview", lambda text: "Ladder:" in text and "claude-haiku-5-5" in text)
    await code.do("picture", "why")


async def test_a_vendor_that_is_down_is_shown_and_forgotten_when_it_is_back(code: VSCode) -> None:
    code.say(lambda cue: Line(fault="reset"))
    await code.do("openFile", "mean.py")
    await code.do("goto", 1, 5)
    await code.do("command", "Tierwise: Explain in Comments")
    await code.until("statusColour", lambda colour: colour == "warning")
    await code.do("picture", "down")
    code.say("# The mean of all values.\ndef mean(values):\n    return sum(values) / len(values)  # BUG\n")
    await code.do("command", "Tierwise: Explain in Comments")
    await code.until("statusColour", lambda colour: colour == "")


async def test_work_says_who_does_it_and_can_be_cancelled(code: VSCode) -> None:
    code.say(lambda cue: Line(text="Never said.", delay=600.0))
    await code.do("openFile", "mean.py")
    await code.do("goto", 1, 5)
    await code.do("command", "Tierwise: Refactor This")
    await code.do("answer", "How shall it be built?", "shorter")
    await code.until("progress", lambda text: "fast: anthropic/claude-haiku-5-5" in text)
    await code.do("picture", "progress")
    await code.do("cancel")
    await code.until("progress", lambda text: text == "")
    assert await code.do("notifications") == ""
    entry = await code.decided(lambda entry: entry.kind == "refactor")
    assert [attempt.result for attempt in entry.attempts] == ["cancelled"]


async def test_pause_is_shown_and_ended(code: VSCode) -> None:
    await code.do("clickStatus")
    await code.until("picks", lambda rows: any("Pause" in row for row in rows))
    await code.do("picture", "menu")
    await code.do("pick", "Pause")
    await code.until("status", lambda text: text.endswith("Tierwise"))
    await code.do("command", "Tierwise: Pause or Resume")
    await code.until("status", lambda text: "$" in text)


async def test_who_decides_and_how_dear_it_may_be_are_chosen_in_the_menu(code: VSCode) -> None:
    code.say("# The mean of all values.\ndef mean(values):\n    return sum(values) / len(values)  # BUG\n")
    for entry, choice, setting in (
        ("How it is decided", "Rules", '"tierwise.routing.mode": "rules"'),
        ("Between cheap and good", "Cheapest", '"tierwise.routing.quality": 0'),
    ):
        await code.do("clickStatus")
        await code.do("pick", entry)
        await code.do("pick", choice)
        await code.until("status", partial(_holds, code.data.parent / "data/User/settings.json", setting))
    await code.do("openFile", "mean.py")
    await code.do("goto", 1, 5)
    await code.do("contextMenu", "Tierwise", "Explain in Comments")
    await code.decided(lambda entry: (entry.kind, entry.policy) == ("comment", "rules"))


async def test_the_dashboard_is_shown_and_exported(code: VSCode) -> None:
    await code.do("command", "Tierwise: Open Dashboard")
    text = await code.until("webview", lambda text: "claude-haiku-5-5" in text)
    assert "fast" in text
    for kind, theme in THEMES.items():
        dress(code, theme)
        await code.until("theme", lambda seen, kind=kind: seen == kind)
        await code.until("webview", lambda text: "claude-haiku-5-5" in text)
        await code.do("picture", f"dashboard-{kind}")
    for kind, name, held in (
        ("Rows", "tierwise.csv", "claude-haiku-5-5"),
        ("Picture", "tierwise.svg", "Dollars by day"),
    ):
        await code.do("titleButton", "Export Dashboard")
        await code.do("pick", kind)
        await code.do("save", name)
        await code.until("status", partial(_holds, code.root / name, held))


def dress(code: VSCode, theme: str) -> None:
    """Choose a theme for this folder: of these settings VS Code sees at once that they were written."""
    path = code.root / ".vscode" / "settings.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"workbench.colorTheme": theme}), "utf-8")


def _holds(path: Path, text: str, _seen: str) -> bool:
    return path.exists() and text in path.read_text("utf-8")
