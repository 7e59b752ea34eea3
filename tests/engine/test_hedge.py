"""A second model beside a slow one: who wins, who is closed, who is heard, what it costs, and how often."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import House, build, ladder, model, tiers
from tierwise.core.exchange import Exchange
from tierwise.core.outcome import Outcome
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task
from tierwise.engine import Companion
from tierwise.engine.hedge import MOST_SAVED, Allowance
from tierwise.ledger.history import history
from tierwise.rehearsal import Line

SLOW = Line(text="slow", delay=5.0)


def get_used_to(house: House, name: str) -> None:
    """Let the model have answered ten times at once."""
    health = house.engine.parts.pool.health
    for _ in range(10):
        watch = health.begin(model(name))
        health.speak(watch)
        health.end(watch, None)
    assert (health.p95(model(name)) or 1.0) < 0.05


def task(number: int = 0) -> Task:
    moment = asyncio.get_running_loop().time() + 10
    return replace(at_cursor("x = ‸\n"), id=str(number), deadline=moment)


def ends(outcome: Outcome) -> dict[str, str]:
    return {
        attempt.model.name: attempt.failure.kind if attempt.failure else "accepted" if attempt.accepted else "unused"
        for attempt in outcome.attempts
    }


async def test_a_model_slower_than_its_habit_is_overtaken_and_closed_and_both_are_booked(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": SLOW, "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    get_used_to(house, "a")
    started = time.monotonic()
    outcome = await house.engine.run(task())
    assert time.monotonic() - started < 2
    assert ends(outcome) == {"a": FailureKind.CANCELLED, "b": "accepted"}
    assert "slower than its usual" in outcome.decision.reason
    (entry,) = history(house.ledger)
    assert {attempt.result for attempt in entry.attempts} == {"cancelled", "accepted"}
    assert all(attempt.usage.input for attempt in entry.attempts)


async def test_one_that_has_begun_to_speak_is_not_hedged(tmp_path: Path) -> None:
    says = {"a": Line(pieces=("o", "n", "e"), pause=0.1), "b": "2"}
    house = build(tmp_path, says, (ladder("fast"),), tiers(fast="a b"))  # type: ignore[arg-type]
    get_used_to(house, "a")
    assert ends(await house.engine.run(task())) == {"a": "accepted"}


async def test_the_first_may_still_win(tmp_path: Path) -> None:
    says = {"a": Line(text="one", delay=0.3), "b": SLOW}
    house = build(tmp_path, says, (ladder("fast"),), tiers(fast="a b"))
    get_used_to(house, "a")
    assert ends(await house.engine.run(task())) == {"a": "accepted", "b": FailureKind.CANCELLED}


async def test_a_second_that_fails_leaves_the_field_to_the_first(tmp_path: Path) -> None:
    says = {"a": Line(text="one", delay=0.3), "b": Line(fault="status", status=503)}
    house = build(tmp_path, says, (ladder("fast"),), tiers(fast="a b"))
    get_used_to(house, "a")
    assert ends(await house.engine.run(task())) == {"a": "accepted", "b": FailureKind.OVERLOADED}


async def test_who_fails_is_followed_by_a_third(tmp_path: Path) -> None:
    broken = Line(fault="status", status=503)
    says = {"a": Line(fault="error_event", delay=0.3), "b": broken, "c": "3"}
    house = build(tmp_path, says, (ladder("fast"),), tiers(fast="a b c"))
    get_used_to(house, "a")
    outcome = await house.engine.run(task())
    assert ends(outcome)["c"] == "accepted"
    assert len(outcome.attempts) == 3


async def test_what_the_user_chose_himself_is_not_hedged(tmp_path: Path) -> None:
    good = "```\n    return a\n```"
    house = build(tmp_path, {"a": Line(text=good, delay=0.3), "b": good}, (ladder("fast"),), tiers(fast="a b"))
    get_used_to(house, "a")
    outcome = await house.engine.run(over("def f(a):\n├    retrun a┤\n"))
    assert ends(outcome) == {"a": "accepted"}


async def test_a_model_whose_habit_is_not_known_is_not_hedged(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": Line(text="one", delay=0.3), "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    assert ends(await house.engine.run(task())) == {"a": "accepted"}


async def test_only_one_voice_is_heard(tmp_path: Path) -> None:
    """Whoever follows the answer must not hear two models by turns."""
    heard: list[str] = []

    class Ear(Companion):
        def hear(self, exchange: Exchange) -> None:
            heard.append(exchange.model.name)

    says = {"a": Line(pieces=("1", "2", "3", "4"), delay=0.25, pause=0.2), "b": Line(pieces=("5", "6"), pause=0.15)}
    house = build(tmp_path, says, (ladder("fast"),), tiers(fast="a b"))  # type: ignore[arg-type]
    get_used_to(house, "a")
    await house.engine.run(task(), companion=Ear())
    assert set(heard) == {"b"}


async def test_giving_up_closes_both(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": SLOW, "b": SLOW}, (ladder("fast"),), tiers(fast="a b"))
    get_used_to(house, "a")
    running = asyncio.create_task(house.engine.run(task()))
    await asyncio.sleep(0.3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await house.engine.settle()
    (entry,) = history(house.ledger)
    assert [attempt.result for attempt in entry.attempts] == ["cancelled", "cancelled"]
    assert all(condition.bar is None for condition in house.engine.parts.pool.health.conditions())


async def test_no_more_than_the_allowed_share_is_hedged(tmp_path: Path) -> None:
    says = {"a": Line(text="1", delay=0.13), "b": "2"}
    house = build(tmp_path, says, (ladder("fast"),), tiers(fast="a b"))
    get_used_to(house, "a")
    hedged = 0
    for number in range(12):
        hedged += len((await house.engine.run(task(number))).attempts) - 1
    assert hedged == 1


def test_an_allowance_grows_with_requests_up_to_a_few_and_none_is_none() -> None:
    allowance = Allowance(0.5)
    for _ in range(100):
        allowance.earn()
    assert [allowance.spend() for _ in range(7)] == [True] * int(MOST_SAVED) + [False] * 2
    allowance.earn()
    allowance.earn()
    assert allowance.spend()
    assert not Allowance(0.0).spend()
