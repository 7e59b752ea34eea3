"""Forgetting, exporting and erasing, as a user does it."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import over
from engine.house import build, ladder, tiers
from tierwise.core.outcome import Feedback, Signal
from tierwise.ledger.history import history

CODE = "def f(a):\n├    retrun a┤\n"


def tierwise(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tierwise", "ledger", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture
async def ledger(tmp_path: Path) -> Path:
    """A ledger with two requests and what the user made of one."""
    house = build(tmp_path, {"a": "```\n    return a\n```"}, (ladder("fast"),), tiers(fast="a"))
    for name in ("one", "two"):
        await house.engine.run(replace(over(CODE), id=name))
    house.engine.note(Feedback(task_id="two", signal=Signal.ACCEPTED, value=1.0, at=time.time()))
    await house.engine.parts.ledger.close()
    return house.ledger


def test_pruning_forgets_what_is_old_and_only_that(ledger: Path) -> None:
    done = tierwise("prune", "--days", "1", "--ledger", str(ledger))
    assert done.stdout.startswith("0 requests")
    assert len(history(ledger)) == 2
    done = tierwise("prune", "--days", "0", "--ledger", str(ledger))
    assert done.stdout.startswith("2 requests")
    assert history(ledger) == ()
    assert b"code_action" not in ledger.read_bytes()


def test_the_export_holds_every_row_and_no_code(ledger: Path) -> None:
    lines = [json.loads(line) for line in tierwise("export", "--ledger", str(ledger)).stdout.splitlines()]
    assert [line["table"] for line in lines].count("requests") == 2
    assert {line["task"] for line in lines if line["table"] == "feedback"} == {"two"}
    assert sum(line["input"] for line in lines if line["table"] == "attempts") > 0
    assert "retrun" not in str(lines)


def test_erasing_wants_to_be_meant_and_leaves_nothing(ledger: Path) -> None:
    (ledger.parent / "answers.sqlite3").write_bytes(b"")
    refused = tierwise("erase", "--ledger", str(ledger))
    assert refused.returncode == 1
    assert ledger.exists()
    done = tierwise("erase", "--yes", "--ledger", str(ledger))
    assert done.returncode == 0
    assert list(ledger.parent.glob("*.sqlite3*")) == []


def test_another_programs_database_is_not_erased(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "other.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    done = tierwise("erase", "--yes", "--ledger", str(path))
    assert done.returncode == 1
    assert path.exists()
    assert "another program" in done.stderr
