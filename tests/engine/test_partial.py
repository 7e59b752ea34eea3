"""Answers that did not come to their end: what of them is used, and what becomes of the request."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import build, ladder, tiers
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task
from tierwise.ledger.history import history
from tierwise.rehearsal import Line

ROWS = ("a = 1\n", "    if a:\n", "        b", " = ", "2\n", "        c = ", "lon", "g")


def task(seconds: float = 10.0) -> Task:
    return replace(at_cursor("def f():\n    ‸\n\n\nf()\n"), deadline=asyncio.get_running_loop().time() + seconds)


@pytest.mark.parametrize("fault", ["stall", "reset_midway", "hangup", "cut", "error_event", "invalid_utf8"])
async def test_whole_rows_of_an_answer_that_broke_off_are_used(tmp_path: Path, fault: str) -> None:
    line = Line(pieces=ROWS, fault=fault, after=7)
    house = build(tmp_path, {"a": line, "b": "9"}, (ladder("fast"),), tiers(fast="a b"))
    outcome = await house.engine.run(task())
    (attempt,) = outcome.attempts
    assert attempt.accepted
    assert attempt.failure is not None
    assert outcome.candidate is not None
    assert outcome.candidate.text == "a = 1\n    if a:\n        b = 2"
    (entry,) = history(house.ledger)
    assert entry.answered
    assert entry.attempts[0].usage.estimated


async def test_a_single_row_that_broke_off_is_not_used(tmp_path: Path) -> None:
    house = build(
        tmp_path, {"a": Line(pieces=ROWS, fault="cut", after=1), "b": "9"}, (ladder("fast"),), tiers(fast="a b")
    )
    outcome = await house.engine.run(task())
    assert outcome.candidate is not None
    assert outcome.candidate.text == "9"


async def test_half_a_function_never_takes_the_place_of_a_whole_one(tmp_path: Path) -> None:
    line = Line(pieces=("```\n", "def f(a):\n", "    a = 1\n", "    return a\n```"), fault="cut", after=3)
    good = "```\ndef f(a):\n    return a\n```"
    house = build(tmp_path, {"a": line, "b": good}, (ladder("mid"),), tiers(mid="a b"))
    outcome = await house.engine.run(over("├def f(a):\n    retrun a┤\n"))
    assert [attempt.accepted for attempt in outcome.attempts] == [False, True]
    assert outcome.attempts[0].candidate is None


async def test_an_answer_cut_by_the_token_limit_climbs_with_that_reason(tmp_path: Path) -> None:
    line = Line(text="```\ndef f(a):\n    a = 1\n", finish="length")
    good = "```\ndef f(a):\n    return a\n```"
    house = build(tmp_path, {"a": line, "m": good}, (ladder("fast", "mid"),), tiers(fast="a", mid="m"))
    outcome = await house.engine.run(over("├def f(a):\n    retrun a┤\n"))
    assert [attempt.model.name for attempt in outcome.attempts] == ["a", "m"]
    assert outcome.attempts[0].verdicts[0].check == "complete"
    assert "cut off" in house.asked[-1].prompt
    assert outcome.attempts[1].accepted


async def test_a_stall_is_noticed_long_before_the_deadline(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": Line(fault="stall", after=1), "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    started = time.monotonic()
    outcome = await house.engine.run(task(30))
    assert time.monotonic() - started < 6
    assert outcome.attempts[0].failure is not None
    assert outcome.attempts[0].failure.kind is FailureKind.TIMEOUT
    assert "in the middle" in outcome.attempts[0].failure.message
    assert outcome.attempts[1].accepted


async def test_a_slow_but_steady_answer_is_no_stall(tmp_path: Path) -> None:
    line = Line(pieces=("1", " +", " 2", " +", " 3", " +", " 4"), pause=0.5)
    house = build(tmp_path, {"a": line}, (ladder("fast"),), tiers(fast="a"))
    outcome = await house.engine.run(task(30))
    assert outcome.candidate is not None
    assert outcome.candidate.text == "1 + 2 + 3 + 4"
