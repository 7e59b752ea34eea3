"""What minding health and money costs a healthy request, and how long it takes to get away from an ill vendor."""

import asyncio
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from bench.stopwatch import percentile, row
from drawing import at_cursor, over
from engine.house import ENDPOINT, PRICE, ladder
from tierwise import tasks
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model, Tier
from tierwise.core.options import Overrides
from tierwise.core.prompt import Chat, Message
from tierwise.core.prompt import Limits as Room
from tierwise.core.reply import Usage
from tierwise.engine import Engine, EngineParts, Pool
from tierwise.engine.budget import Budget, Limits
from tierwise.engine.health import Health
from tierwise.engine.shared import Shared
from tierwise.engine.spending import Spending
from tierwise.ledger import sqlite
from tierwise.ledger.nothing import Nothing
from tierwise.ledger.spent import DAY, MONTH
from tierwise.providers import Endpoint
from tierwise.providers.fake import Fake
from tierwise.rehearsal import Cue, Line, Rehearsal

pytestmark = pytest.mark.bench

CALLS = 20_000
FAILOVERS = 60
PROMPT = Chat(system="Be brief.", messages=(Message(role="user", text="1"),), limits=Room(max_tokens=9))


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


async def test_overhead_of_health_and_money_together() -> None:
    """Budget: under 0.3 ms. The same request through two engines in turn: one minds nothing but health, the other has
    limits of every kind, a tier of two models of which one is warm, answers shared, second calls allowed and caches
    kept warm. The difference, and what minding health takes by itself, is the overhead.
    """
    request = over("def f(a):\n├    retrun a┤\n", facts={"root": "/project"})
    line, kind = Line(text="```\n    return a\n```"), replace(tasks.load("fix"), checks=("not_empty",))
    priced = {name: Model(name=name, provider="fake", price=PRICE) for name in ("a", "b", "c")}
    stock = {
        "fast": Tier(name="fast", models=(priced["a"],)),
        "mid": Tier(name="mid", models=(priced["b"], priced["c"])),
    }

    def parts(pool: Pool) -> EngineParts:
        return EngineParts(
            kinds=lambda _name: kind,
            policies=(ladder("mid"),),
            tiers=stock,
            pool=pool,
            ledger=Nothing(),
            overrides=Overrides(),
        )

    def pool() -> Pool:
        return Pool({"fake": ENDPOINT}, {"fake": Fake(ENDPOINT, lambda _cue: line)})

    bare, minded = parts(pool()), parts(pool())
    minded.pool.caches.note(priced["c"], request, kind, Usage(input=100, cache_read=20_000))
    limits = Limits(
        by_scope={DAY: 1e6, MONTH: 1e6, ("feature", "code_action"): 1e6}, workspace=1e6, request=1e3, pace=8.0
    )
    budget = Budget(limits, stock, Spending())
    engines = {
        "minds health only": Engine(bare),
        "minds health and money": Engine(
            replace(minded, gates=(budget,), observers=(budget,), shared=Shared(), keep_warm=True)
        ),
    }
    samples: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(2_000):
        for name, engine in engines.items():
            started = perf_counter()
            outcome = await engine.run(request)
            samples[name].append(perf_counter() - started)
            assert outcome.candidate is not None
    print()
    for name, found in samples.items():
        print(row(name, found))
    low, high = (percentile(found, 0.5) for found in samples.values())
    print(f"money's overhead at p50      {(high - low) * 1e3:.3f} ms (budget, with health, 0.3 ms)")


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
        floor: list[float] = []
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
            started = perf_counter()
            await (await pool.provider("anthropic")).ask(Exchange(model=models[1], prompt=PROMPT))
            floor.append(moments[0][1] - started)
            moments.clear()
            assert (await engine.run(at_cursor("x = ‸\n"))).candidate is not None
            (_, failed), (_, asked) = moments
            samples.append(asked - failed)
            await pool.close()
            await ledger.close()
            await asyncio.sleep(0)
    print()
    print(row("a request until it is read", floor, "the SDK alone"))
    print(row("failure to next request read", samples, "budget 50 ms"))
