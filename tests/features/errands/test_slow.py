"""Models that are slow: whoever is next does the work, or the user is told; nothing is done twice."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from pygls.exceptions import JsonRpcException

from desk import TIERS
from features.errands import shop
from features.errands.doing import Seats, assert_given, landed, recorded, run, seen
from features.errands.errand import Errand
from projects import PYTHON
from tierwise.rehearsal import Cue, Line

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = (
    *("fix", "edit", "debug", "refactor_files", "docstring", "name", "merge", "translate"),
    *("architecture", "review", "explain", "search", "classify", "commit_message"),
)
"""One for each form of an answer, and for all that becomes of one: changes, documents, findings, values."""
ERRANDS = tuple(errand for errand in shop.ERRANDS if errand.kind in KINDS)

LATE = ("comment", "summarise", "pr_description")
"""Changes, a document, a value."""

SILENCE = 0.4
"""Seconds that the slow models' vendor may say nothing. The other vendor has as long as a busy machine needs."""

CONFIG = f"""{TIERS}
[routing]
mode = "rules"
[checks]
types = false
[ledger]
answers = false
[providers.openai]
timeout = {SILENCE}
""" + "".join(
    f"""
[tiers.slow_{kind}]
models = ["openai/silent-{kind}", "openai/stalled-{kind}"]
[[rules]]
name = "slow models first for {kind}"
when.kinds = ["{kind}"]
ladder = ["slow_{kind}", "mid"]
"""
    for kind in KINDS
)
CONFIG += "".join(f"[tasks.{kind}]\ndeadline = 0.6\n" for kind in LATE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seats(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seats]:
    async with AsyncExitStack() as open_until:
        yield Seats(tmp_path_factory.mktemp("slow"), CONFIG, open_until)


def slowly(cue: Cue, right: str) -> Line:
    """Never begin, or begin and never go on; whoever is not slow says what is right."""
    fault = "silence" if cue.model.startswith("silent-") else "stall" if cue.model.startswith("stalled-") else None
    return Line(text=right, fault=fault)


@pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: errand.kind)
async def test_a_model_that_says_nothing_and_one_that_stops_midway_are_left_for_the_next(
    seats: Seats, errand: Errand
) -> None:
    seat = await seats.at("python")
    for bench in seat.lay({**PYTHON, **errand.laid}):
        before = seen(bench)
        done = await run(bench, errand, slowly)
        assert bench.texts == landed("python", errand)
        assert len(bench.applied) == (errand.task.gives == "edit")
        assert_given(bench, errand, done)
        wanted = ["failed", "failed", *["accepted"] * (1 + len(errand.first))]
        attempts = await recorded(bench, before, len(wanted))
        assert [attempt.result for attempt in attempts] == wanted
        assert [attempt.tier for attempt in attempts[:3]] == [f"slow_{errand.kind}"] * 2 + ["mid"]
        assert [attempt.failure for attempt in attempts[:2]] == ["timeout"] * 2


@pytest.mark.parametrize(
    "errand", [errand for errand in shop.ERRANDS if errand.kind in LATE], ids=lambda errand: errand.kind
)
async def test_an_answer_that_comes_too_late_is_given_up_and_the_user_is_told(seats: Seats, errand: Errand) -> None:
    seat = await seats.at("python")
    for bench in seat.lay(PYTHON):
        before = seen(bench)
        with pytest.raises(JsonRpcException, match="did not answer before the deadline of command"):
            await run(bench, errand, lambda _cue, right: Line(text=right, pause=0.4))
        assert (bench.texts, bench.applied) == (PYTHON, [])
        (attempt,) = await recorded(bench, before, 1)
        assert (attempt.result, attempt.failure) == ("failed", "timeout")
