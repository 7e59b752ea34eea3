"""What minding everybody's health costs a healthy request, and how long it takes to get away from an ill one."""

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from bench.stopwatch import row
from drawing import at_cursor
from engine.house import PRICE, ladder
from tierwise import tasks
from tierwise.core.model import Model, Tier
from tierwise.core.options import Overrides
from tierwise.engine import Engine, EngineParts, Pool
from tierwise.engine.health import Health
from tierwise.ledger import sqlite
from tierwise.providers import Endpoint
from tierwise.rehearsal import Cue, Line, Rehearsal

pytestmark = pytest.mark.bench

CALLS = 20_000
FAILOVERS = 60


def test_overhead_on_a_healthy_request() -> None:
    """Budget: under 0.3 ms; everything that a call passes, with a thousand calls under way besides."""
    endpoints = {name: Endpoint(name=name, type="openai", key="k", concurrency=4096) for name in ("one", "two")}
    health = Health(endpoints)
    model = Model(name="a", provider="one", price=None)
    for _ in range(1000):
        health.begin(Model(name="b", provider="one", price=None))
    samples: list[float] = []
    floor: list[float] = []
    for _ in range(CALLS):
        started = perf_counter()
        floor.append(perf_counter() - started)
        started = perf_counter()
        assert health.bar(model) is None
        watch = health.begin(model)
        health.speak(watch)
        health.end(watch, None)
        samples.append(perf_counter() - started)
    print()
    print(row("reading the clock", floor))
    print(row("bar, begin, speak, end", samples, "budget 0.3 ms"))


async def test_time_to_the_next_model(tmp_path: Path) -> None:
    """Budget: 50 ms from the failure to the next vendor's reading of the request."""
    moments: list[tuple[str, float]] = []

    def script(cue: Cue) -> Line:
        moments.append((cue.model, perf_counter()))
        return Line(fault="status", status=500) if cue.model == "gpt-ill" else Line(text="1")

    async with Rehearsal(script) as vendors:
        endpoints = {
            "openai": Endpoint(name="openai", type="openai", base_url=vendors.url_openai, key="k"),
            "anthropic": Endpoint(name="anthropic", type="anthropic", base_url=vendors.url_anthropic, key="k"),
        }
        models = (
            Model(name="gpt-ill", provider="openai", price=PRICE),
            Model(name="claude-well", provider="anthropic", price=PRICE),
        )
        samples: list[float] = []
        for number in range(FAILOVERS):
            pool = Pool(endpoints)
            await pool.warm()
            ledger = sqlite.open(tmp_path / f"{number}.sqlite3")
            engine = Engine(
                EngineParts(
                    kinds=tasks.load,
                    policies=(ladder("fast"),),
                    tiers={"fast": Tier(name="fast", models=models)},
                    pool=pool,
                    ledger=ledger,
                    overrides=Overrides(),
                )
            )
            moments.clear()
            assert (await engine.run(at_cursor("x = ‸\n"))).candidate is not None
            (_, failed), (_, asked) = moments
            samples.append(asked - failed)
            await pool.close()
            await ledger.close()
            await asyncio.sleep(0)
    print()
    print(row("failure to next request read", samples, "budget 50 ms"))
