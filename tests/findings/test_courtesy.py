"""A scan steps back while somebody waits for an answer, but not for ever."""

import asyncio
import time
from pathlib import Path

import pytest

from tierwise.core.decision import Decision
from tierwise.core.outcome import Outcome
from tierwise.core.task import Task
from tierwise.findings import courtesy
from tierwise.findings.asking import FEATURE
from tierwise.findings.courtesy import Courtesy
from tierwise.findings.survey import Survey
from tierwise.workspace.ignore import Gate

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


def test_a_thread_pauses_between_two_files_while_somebody_waits_and_then_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number in range(3):
        (tmp_path / f"m{number}.py").write_text("a = 1\n")
    polite, paused = Courtesy(), list[float]()

    def pause() -> None:
        start = time.perf_counter()
        polite.pause()
        paused.append(time.perf_counter() - start)

    monkeypatch.setattr(courtesy, "MOMENT", 0.05)
    polite.decided(task("inline_completion"), NOBODY)
    survey = Survey(Gate((tmp_path.resolve(),)), pause=pause)
    assert len([*survey.documents()]) == 3
    assert min(paused) >= 0.05
    monkeypatch.setattr(courtesy, "MOMENT", 60.0)
    polite.finished(Outcome(task=task("inline_completion"), decision=NOBODY, attempts=()))
    assert len([*survey.documents()]) == 3
    assert max(paused[3:]) < 30
