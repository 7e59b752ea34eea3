"""Near a limit dear tiers are left out, at it only what is free answers; and each is said once."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import PRICE, House, build, ladder, model, tiers
from tierwise.core.model import Model, Price, Tier
from tierwise.core.task import Task
from tierwise.engine import Engine, Silent
from tierwise.engine.budget import Budget, Limits, estimate
from tierwise.engine.spending import Spending
from tierwise.ledger.spent import DAY, MONTH, Scope, Spent, spent

GOOD = "```\n    return a\n```"
BROKEN = "def f(a):\n├    retrun a┤\n"
FREE = Price(input=0.0, output=0.0, cache_read=0.0, cache_write=0.0, as_of="")
NOW = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))


class Purse:
    """An engine with a budget whose spending a test sets."""

    def __init__(self, directory: Path, limits: Limits, start: str = "frontier") -> None:
        local = Tier(name="local", models=(model("w", FREE),))
        stock = {"local": local, **tiers(fast="a", mid="m", frontier="f")}
        house: House = build(directory, {"w": "1", "a": GOOD, "m": GOOD, "f": GOOD}, (ladder(start),), stock)
        self.said: list[str] = []
        self.now = NOW
        self.spending = Spending(clock=lambda: self.now)
        self.budget = Budget(limits, stock, self.spending, self.said.append)
        self.engine = Engine(replace(house.engine.parts, gates=(self.budget,), observers=(self.budget,)))

    async def who(self, task: Task | None = None) -> str:
        """Return who answers."""
        outcome = await self.engine.run(task or over(BROKEN))
        self.reason = outcome.decision.reason
        return outcome.answer.model.name if outcome.answer else "nobody"

    def spend(self, dollars: float, scope: Scope = DAY) -> None:
        self.spending.correct(Spent(dollars={scope: dollars}))


def day(limit: float, **wishes: float) -> Limits:
    return Limits(by_scope={DAY: limit}, **wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("dollars", "name"), [(0, "f"), (7.9, "f"), (8.1, "m"), (9.1, "a"), (10.0, "nobody")])
async def test_the_nearer_the_limit_the_cheaper_the_tier(tmp_path: Path, dollars: float, name: str) -> None:
    purse = Purse(tmp_path, day(10.0))
    purse.spend(dollars)
    assert await purse.who() == name
    if name != "f":
        assert f"${dollars:.2f} of the $10 for today are spent" in purse.reason


async def test_at_the_limit_what_is_free_still_answers(tmp_path: Path) -> None:
    purse = Purse(tmp_path, day(1.0), "fast")
    purse.spend(2.0)
    assert await purse.who(at_cursor("x = ‸\n")) == "w"


@pytest.mark.parametrize("scope", [MONTH, ("feature", "code_action")])
async def test_every_scope_has_its_own_limit(tmp_path: Path, scope: Scope) -> None:
    purse = Purse(tmp_path, Limits(by_scope={scope: 1.0}))
    purse.spend(2.0)
    assert await purse.who() == "f"
    purse.spend(2.0, scope)
    assert await purse.who() == "nobody"


async def test_a_workspace_has_a_limit_of_its_own_and_others_go_on(tmp_path: Path) -> None:
    purse = Purse(tmp_path, Limits(workspace=1e-9))
    mine = replace(over(BROKEN), facts={"root": "/mine"})
    assert await purse.who(mine) == "f"
    assert await purse.who(mine) == "nobody"
    assert await purse.who(replace(mine, facts={"root": "/other"})) == "f"


async def test_what_one_call_may_cost_is_estimated_before_it_is_made(tmp_path: Path) -> None:
    small = over(BROKEN)
    cost = estimate(small, model("f"))
    assert cost is not None
    purse = Purse(tmp_path, Limits(request=cost))
    assert await purse.who(small) == "f"
    assert await purse.who(over(BROKEN + "# a comment\n" * 500)) == "nobody"
    assert "more than the" in purse.reason
    assert await purse.who(replace(small, budget=cost / 2)) == "nobody"


async def test_what_a_request_has_cost_already_counts_against_what_it_may_cost(tmp_path: Path) -> None:
    """One call is within the limit, and so is the next, but both together are not: the climb ends where money does."""
    task = over(BROKEN)
    cost = estimate(task, model("a"))
    assert cost is not None
    says = {"a": "I would rather not.", "m": GOOD, "f": GOOD}
    told: dict[float, list[str]] = {}
    for share in (1.0, 3.0):
        place = tmp_path / str(share)
        place.mkdir()
        stock = tiers(fast="a", mid="m", frontier="f")
        house = build(place, says, (ladder("fast", "mid"),), stock)
        budget = Budget(Limits(request=cost * share), stock, Spending())
        engine = Engine(replace(house.engine.parts, gates=(budget,), observers=(budget,)))
        await engine.run(task)
        outcome = await engine.run(task)  # what the first one has cost is none of the second one's
        told[share] = [attempt.model.name for attempt in outcome.attempts]
        if share == 1.0:
            assert "spent already, more than the $" in outcome.decision.reason
            assert "e-" not in outcome.decision.reason
    assert told == {1.0: ["a"], 3.0: ["a", "m"]}


async def test_a_model_of_unknown_price_is_not_asked_when_money_is_short(tmp_path: Path) -> None:
    purse = Purse(tmp_path, day(10.0))
    purse.spend(8.5)
    assert "its price is unknown" in str(purse.budget.bars(over(BROKEN), "fast", model("u", None)))
    assert Purse(tmp_path / "2", day(10.0)).budget.bars(over(BROKEN), "fast", model("u", None)) is None


async def test_it_is_said_once_when_a_limit_comes_near_and_once_when_it_is_reached(tmp_path: Path) -> None:
    one = PRICE.of((await Purse(tmp_path / "0", Limits()).engine.run(over(BROKEN))).attempts[0].usage)
    purse = Purse(tmp_path, day(one * 10))
    for _ in range(30):
        await purse.who()
    assert len(purse.said) == 2
    assert "dear tiers are left out" in purse.said[0]
    assert "only what costs nothing" in purse.said[1]


async def test_a_new_day_begins_from_nothing_and_a_month_goes_on(tmp_path: Path) -> None:
    purse = Purse(tmp_path, Limits(by_scope={DAY: 1.0}))
    purse.spend(5.0)
    purse.spend(5.0, MONTH)
    assert await purse.who() == "nobody"
    purse.now += 24 * 3600
    assert await purse.who() == "f"
    assert purse.spending.of(MONTH) >= 5.0
    purse.now += 31 * 24 * 3600
    assert purse.spending.of(MONTH) == 0.0


async def test_who_is_ahead_of_the_day_does_without_the_dearest_tier_until_he_is_not(tmp_path: Path) -> None:
    purse = Purse(tmp_path, day(10.0, pace=8.0))
    purse.spending.correct(Spent(dollars={DAY: 4.0}, first=NOW))
    assert await purse.who() == "m"
    purse.now += 4 * 3600
    assert await purse.who() == "f"


async def test_the_ledger_tells_what_all_editors_have_spent(tmp_path: Path) -> None:
    house = build(tmp_path, {"f": GOOD}, (ladder("frontier"),), tiers(frontier="f"))
    outcome = await house.engine.run(replace(over(BROKEN), facts={"root": "/mine"}))
    known = spent(house.ledger, time.time())
    assert outcome.cost
    assert known.dollars[DAY] == known.dollars[MONTH] == pytest.approx(outcome.cost)
    assert known.dollars["feature", "code_action"] == pytest.approx(outcome.cost)
    assert known.first == outcome.attempts[0].started
    own = Spending()
    own.add(outcome)
    own.correct(known)
    assert own.of(DAY) == pytest.approx(outcome.cost)
    workspaces = [name for kind, name in known.dollars if kind == "workspace"]
    assert own.of(("workspace", workspaces[0])) == pytest.approx(outcome.cost)


async def test_of_many_requests_at_once_none_spends_what_another_is_about_to(tmp_path: Path) -> None:
    """What was set aside is free again when the answers are there and have cost less than they might have."""
    cost = estimate(over(BROKEN), model("f"))
    assert cost is not None
    purse = Purse(tmp_path, day(2.5 * cost, soft=1.0))
    tasks = [replace(over(BROKEN), id=f"t{number}") for number in range(6)]
    outcomes = await asyncio.gather(*(purse.engine.run(task) for task in tasks))
    held = [outcome for outcome in outcomes if "by requests under way" in outcome.decision.reason]
    assert len(held) == 3
    assert all(attempt.model.name == "w" for outcome in held for attempt in outcome.attempts)
    assert purse.spending.of(DAY) < 2.5 * cost
    assert await purse.who(replace(over(BROKEN), id="later")) == "f"


class Bell(Silent):
    """Rings when a model is about to be asked."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def asking(self, task: Task, tier: str, model: Model) -> None:
        self.rung.set()


async def test_a_request_that_is_given_up_sets_nothing_aside_any_more(tmp_path: Path) -> None:
    purse, bell = Purse(tmp_path, day(10.0)), Bell()
    engine = Engine(replace(purse.engine.parts, observers=(purse.budget, bell)))
    running = asyncio.create_task(engine.run(over(BROKEN)))
    await bell.rung.wait()
    held = purse.budget._under_way  # pyright: ignore[reportPrivateUsage] - what it holds is what is tried here
    assert held
    running.cancel()
    await asyncio.wait([running])
    await engine.settle()
    assert not held
