"""Who is at work, what today has cost, and what is wrong."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from desk import Desk, sit_down
from drawing import over
from ledger.outcomes import failed
from tierwise.core.reply import Failure, FailureKind
from tierwise.features import status
from tierwise.features.status import AFTERWARDS
from tierwise.rehearsal import Line

CODE = "def add(a, b):\n    return a + b\n"


async def test_the_cost_of_today_is_what_the_ledger_holds(desk: Desk) -> None:
    await desk.hover(desk.open("a.py", CODE), 0, 5)
    (entry,) = await desk.history()
    status = await desk.status()
    assert entry.cost
    assert status.costToday == round(entry.cost, 9)
    assert (status.tier, status.model, status.busy) == ("fast", "anthropic/claude-haiku-5-5", False)


async def test_what_was_spent_before_a_restart_is_counted(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk") as desk:
        await desk.hover(desk.open("a.py", CODE), 0, 5)
        (entry,) = await desk.history()
    async with sit_down(tmp_path / "desk") as desk:
        await desk.until(lambda: True)
        status = await desk.status()
        assert status.costToday == round(entry.cost or 0, 9)


async def test_a_failing_provider_is_a_problem_until_it_answers_again_and_is_told_once(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    desk.say(Line(fault="status", status=503))
    await desk.hover(document, 0, 5)
    assert (await desk.status()).kind == "warning"
    await desk.until(lambda: len(desk.told()) == 2)  # one for each of the two vendors of the tier
    desk.say("Adds.")
    assert "Adds." in str(await desk.hover(document, 0, 5))  # after a short wait the first of them is tried again
    problems = (await desk.status()).problems
    assert not any("anthropic" in problem for problem in problems)
    desk.say(Line(fault="status", status=503))
    await desk.hover(document, 0, 8)
    assert any("anthropic" in problem for problem in (await desk.status()).problems)
    await asyncio.sleep(2 * AFTERWARDS)
    assert len(desk.told()) == 2


async def test_without_any_model_the_status_says_what_is_missing(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", keys=False, config=None) as desk:
        await desk.hover(desk.open("a.py", CODE), 0, 5)
        status = await desk.status()
        assert "No model is configured" in status.problems[0]


async def test_the_same_problem_is_told_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor down all day: a message at nine, one at ten, and none for the thousand keys in between."""
    now, said = [0.0], list[str]()
    monkeypatch.setattr(status, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(status, "AFTERWARDS", 0.0)
    session = SimpleNamespace(show_message=lambda message, _level: said.append(message))
    followed = status.Status(house=None, bill=None, session=session)  # type: ignore[arg-type]
    for kind in (FailureKind.OVERLOADED, FailureKind.RATE_LIMITED, FailureKind.CANCELLED):
        failure = Failure(kind=kind, message=f"{kind}.")
        for now[0] in (0.0, 1.0, status.QUIET - 1, status.QUIET, 2 * status.QUIET - 1):
            followed.tried(over("├x┤"), failed(failure=failure))
            await asyncio.sleep(0.01)
    assert said == ["Tierwise: overloaded."] * 2 + ["Tierwise: rate_limited."] * 2
