"""Task in, outcome out: sideways on failure, upward on doubt, and everything booked."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import PRICE, build, ladder, model, tiers
from tierwise.core.decision import Decision
from tierwise.core.model import Model, Tier
from tierwise.core.options import Options, Overrides
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task, TaskKind
from tierwise.engine import Companion
from tierwise.ledger.history import history
from tierwise.policies.override import Override
from tierwise.rehearsal import Line

BROKEN = "def f(a):\n├    retrun a┤\n"
GOOD, BAD = "```\n    return a\n```", "```\n    return (((\n```"

Stock = Mapping[str, Tier]
Attempts = tuple[Attempt, ...]


def told(outcome: Outcome) -> list[tuple[str, str]]:
    """Return model and end of each attempt."""
    return [(attempt.model.name, end(attempt)) for attempt in outcome.attempts]


def end(attempt: Attempt) -> str:
    if attempt.failure:
        return attempt.failure.kind
    return "accepted" if attempt.accepted else "rejected"


async def test_the_first_model_of_the_tier_answers(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": "1", "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert outcome.candidate is not None
    assert outcome.candidate.text == "1"
    assert told(outcome) == [("a", "accepted")]


async def test_a_model_that_fails_is_passed_sideways(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": Line(fault="status", status=503), "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert told(outcome) == [("a", FailureKind.OVERLOADED), ("b", "accepted")]


async def test_a_tier_that_fails_as_a_whole_is_climbed(tmp_path: Path) -> None:
    says: dict[str, str | Line] = {"a": Line(fault="reset"), "m": "2"}
    house = build(tmp_path, says, (ladder("fast", "mid"),), tiers(fast="a", mid="m"))  # type: ignore[arg-type]
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert told(outcome) == [("a", FailureKind.MALFORMED), ("m", "accepted")]


async def test_an_answer_that_fails_a_check_climbs_and_does_not_go_sideways(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": BAD, "b": GOOD, "m": GOOD}, (ladder("fast", "mid"),), tiers(fast="a b", mid="m"))
    outcome = await house.engine.run(over(BROKEN))
    assert told(outcome) == [("a", "rejected"), ("m", "accepted")]
    assert "An earlier answer was rejected" in house.asked[-1].prompt


async def test_where_every_answer_is_vetoed_nothing_is_given(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": BAD, "m": BAD}, (ladder("fast", "mid"),), tiers(fast="a", mid="m"))
    outcome = await house.engine.run(over(BROKEN))
    assert outcome.candidate is None
    assert told(outcome) == [("a", "rejected"), ("m", "rejected")]


async def test_a_reply_that_does_not_follow_its_form_is_a_rejection_with_the_reason(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": "```\n```", "m": GOOD}, (ladder("fast", "mid"),), tiers(fast="a", mid="m"))
    outcome = await house.engine.run(over(BROKEN))
    assert outcome.attempts[0].verdicts[0].check == "applies"
    assert "no code" in house.asked[-1].prompt


async def test_with_no_model_at_all_the_outcome_says_what_to_do(tmp_path: Path) -> None:
    house = build(tmp_path, {}, (ladder("fast"),), {"fast": Tier(name="fast", models=())})
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert outcome.candidate is None
    assert outcome.attempts == ()
    assert "tierwise doctor" in outcome.decision.reason


async def test_who_was_held_back_does_not_ask_a_model_that_others_have_found_dead_meanwhile(tmp_path: Path) -> None:
    dead = Line(fault="status", status=503)
    house = build(tmp_path, {"a": dead, "b": "2"}, (ladder("fast"),), tiers(fast="a b"))
    go_on = asyncio.Event()

    class Held(Companion):
        async def hold(self, model: Model) -> None:
            await go_on.wait()

    held = asyncio.create_task(house.engine.run(at_cursor("x = ‸\n"), companion=Held()))
    await asyncio.sleep(0)
    assert told(await house.engine.run(at_cursor("y = ‸\n")))[0][0] == "a"
    go_on.set()
    assert told(await held) == [("b", "accepted")]


async def test_past_its_deadline_a_task_neither_waits_nor_climbs(tmp_path: Path) -> None:
    says = {"a": Line(delay=30), "b": "2", "m": "3"}
    house = build(tmp_path, says, (ladder("fast", "mid"),), tiers(fast="a b", mid="m"))  # type: ignore[arg-type]
    task = replace(at_cursor("x = ‸\n"), deadline=asyncio.get_running_loop().time() + 0.05)
    outcome = await house.engine.run(task)
    assert told(outcome) == [("a", FailureKind.TIMEOUT)]
    assert len(house.asked) == 1


async def test_a_cancelled_task_is_booked_with_what_was_spent_and_the_cancellation_goes_on(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": Line(text="one two three", pause=30)}, (ladder("fast"),), tiers(fast="a"))
    running = asyncio.create_task(house.engine.run(at_cursor("x = ‸\n")))
    await asyncio.sleep(0.05)  # the first word has been said, the second has not
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await house.engine.settle()
    (entry,) = history(house.ledger)
    (attempt,) = entry.attempts
    assert attempt.result == "cancelled"
    assert attempt.usage.estimated
    assert attempt.cost


async def test_the_cost_is_that_of_all_attempts(tmp_path: Path) -> None:
    house = build(tmp_path, {"a": BAD, "m": GOOD}, (ladder("fast", "mid"),), tiers(fast="a", mid="m"))
    outcome = await house.engine.run(over(BROKEN))
    assert outcome.cost == sum(PRICE.of(attempt.usage) for attempt in outcome.attempts)
    (entry,) = history(house.ledger)
    assert entry.cost == outcome.cost


async def test_a_model_without_known_price_makes_the_cost_unknown(tmp_path: Path) -> None:
    stock = {"fast": Tier(name="fast", models=(model("a", price=None),))}
    outcome = await build(tmp_path, {"a": "1"}, (ladder("fast"),), stock).engine.run(at_cursor("x = ‸\n"))
    assert outcome.candidate is not None
    assert outcome.cost is None


async def test_a_pinned_model_wins_and_the_limits_of_the_settings_hold(tmp_path: Path) -> None:
    pinned = Overrides(features={"inline_completion": Options(model="fake/m", max_output=7, temperature=0.5)})
    policies = (Override(pinned, lambda ref: model(ref.removeprefix("fake/"))), ladder("fast"))
    house = build(tmp_path, {"a": "1", "m": "2"}, policies, tiers(fast="a", mid="m"), pinned)
    outcome = await house.engine.run(at_cursor("x = ‸\n"))
    assert told(outcome) == [("m", "accepted")]
    assert outcome.decision.policy == "override"
    assert outcome.attempts[0].tier == "mid"


async def test_a_policy_that_plans_again_replaces_the_rest_of_the_ladder(tmp_path: Path) -> None:
    class Planner:
        """Climbs to mid, and after a rejection jumps to the frontier."""

        def decide(self, task: Task, kind: TaskKind, tiers: Stock, attempts: Attempts = ()) -> Decision | None:
            return ladder(*(("frontier",) if attempts else ("fast", "mid"))).decide(task, kind, tiers)

        def learn(self, outcome: Outcome) -> None: ...
        def note(self, feedback: object) -> None: ...

    class Once(Planner):
        """Plans again only once."""

        def decide(self, task: Task, kind: TaskKind, tiers: Stock, attempts: Attempts = ()) -> Decision | None:
            return None if len(attempts) > 1 else super().decide(task, kind, tiers, attempts)

    stock = tiers(fast="a", mid="m", frontier="f")
    house = build(tmp_path, {"a": BAD, "m": GOOD, "f": GOOD}, (Once(),), stock)
    outcome = await house.engine.run(over(BROKEN))
    assert told(outcome) == [("a", "rejected"), ("f", "accepted")]
