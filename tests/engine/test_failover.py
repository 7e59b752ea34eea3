"""Sideways, then up or down as the feature wants it, then the workspace, then a clear empty answer: all of it said."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import House, build, ladder, model, tiers
from tierwise.core.options import Options, Overrides
from tierwise.core.outcome import Outcome
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task
from tierwise.ledger.history import history
from tierwise.policies.override import Override
from tierwise.rehearsal import Line

BROKEN = "def f(a):\n├    retrun a┤\n"
GOOD = "```\n    return a\n```"
DOWN = Line(fault="status", status=503)


def asked(outcome: Outcome) -> list[str]:
    return [attempt.model.name for attempt in outcome.attempts]


async def twice(house: House, task: Task) -> Outcome:
    """Run the task once to find out who is ill, and once more at once."""
    await house.engine.run(replace(task, id="before"))
    return await house.engine.run(task)


async def test_a_model_that_just_failed_is_passed_over_without_a_call_and_why_says_so(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": DOWN, "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    outcome = await twice(house, at_cursor("x = ‸\n"))
    assert asked(outcome) == ["b"]
    assert "fake/a was passed over: it is overloaded" in outcome.decision.reason
    assert "passed over" in history(house.ledger)[0].reason


async def test_an_action_that_its_tier_cannot_do_goes_up(tmp_path: Path) -> None:
    says = {"a": "1", "m": DOWN, "f": GOOD}
    house = build(tmp_path, says, (ladder("mid"),), tiers(fast="a", mid="m", frontier="f"))
    outcome = await house.engine.run(over(BROKEN))
    assert asked(outcome) == ["m", "f"]
    assert outcome.candidate is not None
    assert "frontier did" in outcome.decision.reason


async def test_an_action_for_which_nothing_dearer_is_left_goes_down(tmp_path: Path) -> None:
    says = {"a": GOOD, "m": DOWN, "f": DOWN}
    house = build(tmp_path, says, (ladder("mid"),), tiers(fast="a", mid="m", frontier="f"))
    assert asked(await house.engine.run(over(BROKEN))) == ["m", "f", "a"]


async def test_what_an_editor_asks_by_itself_never_becomes_dear(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": DOWN, "m": "1"}, (ladder("fast"),), tiers(fast="a", mid="m"))
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert asked(outcome) == ["a"]
    assert outcome.candidate is None
    assert outcome.failure is not None


async def test_a_completion_falls_back_to_the_workspace_itself(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": DOWN, "w": "y"}, (ladder("fast"),), tiers(local="w", fast="a"))
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert asked(outcome) == ["a", "w"]
    assert outcome.candidate is not None


@pytest.mark.parametrize(("wish", "names"), [("none", ["m"]), ("down", ["m", "a"]), ("up", ["m", "f", "a"])])
async def test_the_user_can_say_where_to_look(tmp_path: Path, wish: str, names: list[str]) -> None:
    wishes = Overrides(features={"code_action": Options(fallback=wish)})
    says = {"a": DOWN, "m": DOWN, "f": DOWN}
    stock = tiers(fast="a", mid="m", frontier="f")
    house = build(tmp_path, says, (ladder("mid"),), stock, wishes)
    assert asked(await house.engine.run(over(BROKEN))) == names


async def test_a_pin_is_not_left_for_anybody_else(tmp_path: Path) -> None:
    """Whoever pins a tier may do so because of who must not see the code."""
    pinned = Overrides(features={"code_action": Options(tier="fast")})
    policies = (Override(pinned, model), ladder("mid"))
    house = build(tmp_path, {"a": DOWN, "m": GOOD}, policies, tiers(fast="a", mid="m"), pinned)
    outcome = await house.engine.run(over(BROKEN))
    assert asked(outcome) == ["a"]
    assert outcome.failure is not None


async def test_a_rejected_answer_is_not_a_failure_and_takes_no_detour(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": "```\n((\n```", "m": GOOD}, (ladder("fast"),), tiers(fast="a", mid="m"))
    assert asked(await house.engine.run(over(BROKEN))) == ["a"]


async def test_the_only_model_there_is_is_waited_for_as_long_as_it_asks(tmp_path: Path) -> None:
    busy = Line(fault="status", status=429, headers={"retry-after": "1.2"})
    house = build(tmp_path, {"m": [busy, Line(text=GOOD)]}, (ladder("mid"),), tiers(mid="m"))
    task = replace(over(BROKEN), deadline=asyncio.get_running_loop().time() + 30)
    started = time.monotonic()
    outcome = await twice(house, task)
    assert outcome.candidate is not None
    assert 1.1 < time.monotonic() - started < 5
    assert "waited" in outcome.decision.reason


async def test_nobody_waits_for_it_while_another_model_is_well(tmp_path: Path) -> None:
    busy = Line(fault="status", status=429, headers={"retry-after": "20"})
    house = build(tmp_path, {"m": busy, "n": GOOD}, (ladder("mid"),), tiers(mid="m n"))
    started = time.monotonic()
    outcome = await twice(house, replace(over(BROKEN), deadline=asyncio.get_running_loop().time() + 60))
    assert asked(outcome) == ["n"]
    assert time.monotonic() - started < 1


async def test_where_everybody_is_ill_the_outcome_says_who_and_why(tmp_path: Path) -> None:
    gone = Line(fault="status", status=401)
    house = build(tmp_path, {"m": gone}, (ladder("mid"),), tiers(mid="m"))
    outcome = await twice(house, replace(over(BROKEN), deadline=asyncio.get_running_loop().time() + 60))
    assert outcome.attempts == ()
    assert "fake/m was passed over: it refuses requests" in outcome.decision.reason


async def test_a_hundred_requests_to_a_dead_model_waste_two_calls(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": Line(fault="reset"), "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    for number in range(100):
        outcome = await house.engine.run(replace(at_cursor("x = ‸\n"), id=str(number)))
        assert outcome.candidate is not None
        await asyncio.sleep(0.012)
    assert len([cue for cue in house.asked if cue.model == "a"]) <= 2


async def test_a_timeout_before_the_deadline_goes_sideways(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": Line(fault="error_event"), "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert outcome.attempts[0].failure is not None
    assert outcome.attempts[0].failure.kind is FailureKind.OVERLOADED
    assert asked(outcome) == ["a", "b"]
