"""Answers that misbehave when they are tried: they climb, nothing outside the copy is touched, nothing stays behind."""

from pathlib import Path

import pytest

from checks.projects import LEAN, document, project
from checks.test_test_runs import FORK, WRITE, processes
from engine.house import House, build, ladder, tiers
from tierwise.checks import Allowed, Site
from tierwise.checks.ground.confined import can_confine
from tierwise.cli import main
from tierwise.core.outcome import Outcome
from tierwise.core.task import Task
from tierwise.core.text import Position, Span
from tierwise.ledger.history import history

CODE = "def add(a, b):\n    return a + b\n"
TEST = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
FILES = {"calc.py": CODE, "tests/test_calc.py": TEST, "pytest.ini": LEAN}
GOOD = "```\n    return b + a\n```"


def house(path: Path, first: str) -> tuple[House, Path]:
    """Return a house whose fast model says this and whose middle one is right, and its project."""
    root = project(path / "project", FILES)
    allowed = Allowed(trusted=(root,), tests=True, unconfined=True, tests_seconds=3.0)
    says = {"cheap": f"```\n{first}```", "middle": GOOD}
    stock = tiers(fast="cheap", mid="middle")
    return build(path, says, (ladder("fast", "mid"),), stock, site=Site(root=root, allowed=allowed)), root


async def ask(seat: House, root: Path) -> Outcome:
    span = Span(Position(1, 0), Position(1, 16))
    task = Task(id="t", kind="fix", feature="code_action", document=document(root, "calc.py"), span=span)
    return await seat.engine.run(task)


def indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.splitlines()) + "    return a + b\n"


async def test_an_answer_whose_tests_do_not_end_climbs_and_leaves_no_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seat, root = house(tmp_path, "    while True:\n        pass\n")
    outcome = await ask(seat, root)
    assert [(attempt.tier, attempt.accepted) for attempt in outcome.attempts] == [("fast", False), ("mid", True)]
    assert processes(tmp_path) == []
    assert (root / "calc.py").read_text() == CODE
    assert "tests: stopped after 3 s" in seat.asked[-1].prompt
    (entry,) = history(seat.ledger)
    assert entry.cost == outcome.cost
    assert main(["why", "--ledger", str(seat.ledger)]) == 0
    assert "rejected (tests)" in capsys.readouterr().out


async def test_an_answer_that_forks_away_leaves_no_process(tmp_path: Path) -> None:
    seat, root = house(tmp_path, indented(FORK))
    outcome = await ask(seat, root)
    assert outcome.answer is not None
    assert processes(tmp_path) == []


async def test_an_answer_that_writes_elsewhere_changes_nothing_there(tmp_path: Path) -> None:
    if not await can_confine():
        pytest.skip("no user namespaces on this system")
    outside = tmp_path / "outside"
    outside.mkdir()
    seat, root = house(tmp_path, indented(WRITE.format(places=(str(outside), str(tmp_path / "project")))))
    outcome = await ask(seat, root)
    assert outcome.answer is not None
    assert list(outside.iterdir()) == []
    assert not (root / "written").exists()
