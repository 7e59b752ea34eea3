"""How long a request may take is its feature's to say, then its kind's."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import build, ladder, tiers
from tierwise import tasks
from tierwise.core.options import Options, Overrides
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task
from tierwise.rehearsal import Line


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        (over("├x┤"), 5_000.0),
        (over("├x┤", kind="docstring"), 7_000.0),
        (at_cursor("‸"), tasks.load("autocomplete").deadline),
    ],
    ids=["its feature's", "its kind's, which is narrower", "what the kind has of itself"],
)
async def test_a_request_has_the_deadline_that_is_set_most_narrowly(tmp_path: Path, task: Task, seconds: float) -> None:
    wishes = Overrides(
        features={"code_action": Options(deadline=5_000.0)}, tasks={"docstring": Options(deadline=7_000.0)}
    )
    engine = build(tmp_path, {}, (ladder("fast"),), tiers(fast="a"), overrides=wishes).engine
    now = asyncio.get_running_loop().time()
    assert seconds <= engine.deadline(task) - now < seconds + 1_000


async def test_past_it_the_call_ends_and_says_whose_deadline_it_was(tmp_path: Path) -> None:
    wishes = Overrides(features={"code_action": Options(deadline=0.05)})
    house = build(tmp_path, {"a": Line(delay=600.0)}, (ladder("fast"),), tiers(fast="a"), overrides=wishes)
    task = over("├x┤")
    asked = replace(task, deadline=house.engine.deadline(task))
    outcome = await house.engine.run(asked)
    assert outcome.candidate is None
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.TIMEOUT
    assert "before the deadline of code_action" in outcome.failure.message
