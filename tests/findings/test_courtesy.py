"""A scan steps back while somebody waits for an answer, but not for ever."""

import asyncio

import pytest

from tierwise.core.decision import Decision
from tierwise.core.outcome import Outcome
from tierwise.core.task import Task
from tierwise.findings import courtesy
from tierwise.findings.asking import FEATURE
from tierwise.findings.courtesy import Courtesy

NOBODY = Decision(policy="none", ladder=(), reason="")


def task(feature: str) -> Task:
    return Task(id=feature, kind="explain", feature=feature)


async def test_it_waits_for_requests_of_people_and_not_for_its_own() -> None:
    polite = Courtesy()
    polite.decided(task(FEATURE), NOBODY)
    await asyncio.wait_for(polite.wait(), 0.1)
    polite.decided(task("inline_completion"), NOBODY)
    waiting = asyncio.create_task(polite.wait())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    polite.finished(Outcome(task=task("inline_completion"), decision=NOBODY, attempts=()))
    await asyncio.wait_for(waiting, 1)


async def test_somebody_who_types_without_end_does_not_starve_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST", 0.02)
    polite = Courtesy()
    polite.decided(task("inline_completion"), NOBODY)
    await asyncio.wait_for(polite.wait(), 1)
