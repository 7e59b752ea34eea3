"""A vendor's cache is kept warm where that pays, is booked for what it is, and never while nobody is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from drawing import over
from engine.house import ladder
from tierwise import tasks
from tierwise.core.model import Model, Price, Tier
from tierwise.core.options import Overrides
from tierwise.core.outcome import Outcome
from tierwise.core.task import Snippet, Task
from tierwise.engine import Engine, EngineParts, Pool, refresh
from tierwise.engine.gate import Gate
from tierwise.engine.refresh import Rhythm, gain
from tierwise.ledger import sqlite
from tierwise.ledger.history import Entry, history
from tierwise.ledger.report import report
from tierwise.providers.catalogue import Catalogue
from tierwise.rehearsal import Line, Rehearsal
from vendors import MESSAGES, endpoint

TYPICAL = Price(input=3.0, output=15.0, cache_read=0.3, cache_write=3.75, as_of="2026-11-23")
LASTS, AHEAD = 0.6, 0.2
BIG = Snippet(path="lib.py", text="def helper(value):\n    return value + 1\n" * 500, source="imports", score=1.0)


def test_a_refresh_pays_from_a_chance_on_that_the_prices_name() -> None:
    """Read over write less read: 8.7 % at the usual prices."""
    threshold = TYPICAL.cache_read / (TYPICAL.cache_write - TYPICAL.cache_read)
    assert gain(TYPICAL, 1_000_000, threshold * 1.01) > 0 > gain(TYPICAL, 1_000_000, threshold * 0.99)


def test_it_never_pays_where_reading_costs_as_much_as_writing() -> None:
    assert gain(replace(TYPICAL, cache_read=3.75), 1_000_000, 1.0) < 0


def test_nothing_is_refreshed_before_the_user_was_seen_to_come_back() -> None:
    assert gain(TYPICAL, 100_000, Rhythm().chance) < 0


def test_pauses_are_learned_from_those_who_came_back_in_time_late_or_never() -> None:
    rhythm = Rhythm(turned_up=0.0, pauses=0.0)
    rhythm.use("a", 0.0, 300.0)
    rhythm.use("a", 200.0, 300.0)
    assert rhythm.pauses == 0.0, "within the vendor's time there was no pause"
    rhythm.use("a", 700.0, 300.0)
    assert (rhythm.turned_up, rhythm.pauses) == (1.0, 1.0)
    rhythm.use("b", 800.0, 300.0)
    rhythm.use("a", 1_295.0, 300.0)
    assert (rhythm.turned_up, rhythm.pauses) == (1.0, 2.0), "too late for one refresh"
    rhythm.use("c", 1_500.0, 300.0)
    assert (rhythm.turned_up, rhythm.pauses) == (1.0, 3.0), "b never came back"


@dataclass(slots=True)
class Shut(Gate):
    """A gate that closes after the first look."""

    asked: int = 0

    def bars(self, task: Task, tier: str, model: Model) -> str | None:
        self.asked += 1
        return "the day's money is spent" if self.asked > 1 else None

    def cleared(self, task: Task, model: Model) -> Task:
        return task


@dataclass(slots=True)
class Bench:
    vendors: Rehearsal
    engine: Engine
    ledger: Path

    async def ask(self, name: str = "t") -> Outcome:
        task = replace(over("def add(a, b):\n    return ├a┤ + b\n", kind="explain"), id=name, neighbours=(BIG,))
        return await self.engine.run(task)

    async def refreshes(self) -> list[Entry]:
        await self.engine.settle()
        return [entry for entry in history(self.ledger) if entry.policy == "refresh"]


@asynccontextmanager
async def bench(directory: Path, gates: tuple[Gate, ...] = ()) -> AsyncIterator[Bench]:
    """An engine at the rehearsed Anthropic, through its SDK, whose cache lasts half a second."""
    found = Catalogue.load().find("anthropic", "anthropic", "claude-sonnet-4-6")
    model = replace(found, skills=replace(found.skills, cache_for=LASTS))
    path = directory / "ledger.sqlite3"
    async with Rehearsal(lambda _cue: Line(text="It adds two numbers.")) as vendors:
        pool = Pool({"anthropic": endpoint(MESSAGES, vendors)})
        engine = Engine(
            EngineParts(
                kinds=tasks.load,
                policies=(ladder("mid"),),
                tiers={"mid": Tier(name="mid", models=(model,))},
                pool=pool,
                ledger=sqlite.open(path),
                overrides=Overrides(),
                gates=gates,
                keep_warm=True,
            )
        )
        yield Bench(vendors, engine, path)
        engine.rest()
        await engine.settle()
        await pool.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pauses comes back, and a fraction of a second is long."""
    monkeypatch.setattr(refresh, "AHEAD", AHEAD)
    monkeypatch.setattr(Rhythm, "chance", 0.9)


@pytest.mark.usefixtures("quick")
async def test_one_small_call_renews_the_cache_and_is_booked_as_its_own(tmp_path: Path) -> None:
    async with bench(tmp_path) as at:
        await at.ask()
        sent = await at.vendors.request(1)
        await sent.over()
        await asyncio.sleep(2 * LASTS)
        assert len(at.vendors.requests) == 2, "once after a request, and no more while nobody asks"
        (entry,) = await at.refreshes()
        first = at.vendors.requests[0].usage
        assert first.cache_write > 4_000
        assert sent.usage.cache_read == first.cache_write
        assert sent.body["max_tokens"] == 1
        assert sent.body["system"] == at.vendors.requests[0].body["system"]
        (attempt,) = entry.attempts
        assert attempt.role == "refresh"
        assert attempt.result == "used"
        assert attempt.cost == pytest.approx(TYPICAL.of(sent.usage))
        assert "kept warm" in entry.reason
        told = report(at.ledger, frontier=at.engine.parts.tiers["mid"].models[0])
        assert told.total.requests == 1, "a refresh is no request of the user's"
        assert told.total.cost == pytest.approx(TYPICAL.of(first) + TYPICAL.of(sent.usage))
        assert told.counterfactual is not None
        assert told.counterfactual.requests == 1


@pytest.mark.usefixtures("quick")
async def test_within_budget_only(tmp_path: Path) -> None:
    async with bench(tmp_path, gates=(Shut(),)) as at:
        await at.ask()
        await asyncio.sleep(2 * LASTS)
        assert len(at.vendors.requests) == 1


@pytest.mark.usefixtures("quick")
async def test_not_while_the_user_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "AWAY", 0.1)
    async with bench(tmp_path) as at:
        await at.ask()
        await asyncio.sleep(2 * LASTS)
        assert len(at.vendors.requests) == 1


@pytest.mark.usefixtures("quick")
async def test_no_clock_runs_where_it_does_not_pay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rhythm, "chance", 0.05)
    async with bench(tmp_path) as at:
        await at.ask()
        assert at.engine.refresher is not None
        assert at.engine.refresher.waiting == 0
        monkeypatch.setattr(Rhythm, "chance", 0.9)
        await at.ask("again")
        assert at.engine.refresher.waiting == 1
        at.engine.rest()
        assert at.engine.refresher.waiting == 0
