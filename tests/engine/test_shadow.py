"""Shadow runs: a cheaper tier is asked what another has answered, judged alike, paid out of a share, never shown."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from checks.projects import document, project
from engine.house import House, build, ladder, model, tiers
from tierwise import tasks
from tierwise.app.money import limits, shadows
from tierwise.checks import Allowed, Site
from tierwise.cli import main
from tierwise.core.decision import Role
from tierwise.core.options import Overrides
from tierwise.core.reply import Usage
from tierwise.core.task import Task, TaskKind
from tierwise.core.text import Position, Span
from tierwise.engine import Engine
from tierwise.engine.budget import Budget
from tierwise.engine.spending import Spending
from tierwise.ledger.history import Entry, history
from tierwise.ledger.report import report
from tierwise.policies.learned import Learned
from tierwise.policies.learning.stance import Stance
from tierwise.rehearsal import Line
from tierwise.replay.lessons import cases
from tierwise.settings.budget import BudgetSettings

FILES = {"sums.py": "def add(a, b):\n    return a + b\n", "check.py": "import sums\n\nassert sums.add(2, 3) == 5\n"}
RIGHT, WRONG = "```\n    return b + a\n```", "```\n    return a * b\n```"
BUILD = (sys.executable, "check.py")
STOCK = tiers(local="", fast="cheap", mid="middle", frontier="dear")
BUILT = ("not_empty", "changes_something", "parses", "builds")


def kinds(*checks: str) -> Callable[[str], TaskKind]:
    return lambda name: replace(tasks.load(name), checks=checks)


class Street:
    """A house whose shadows begin at once, in a project whose build looks at sums."""

    def __init__(self, path: Path, says: dict[str, str | Line], *checks: str, allowance: float = 1.0) -> None:
        self.root = project(path / "project", FILES)
        allowed = Allowed(trusted=(self.root,), tests=True, unconfined=True, build_command=BUILD)
        site = Site(root=self.root, allowed=allowed)
        self.learner = Learned(stance=Stance(eager=True, calls=5.0))
        self.house: House = build(path, says, (ladder("mid"), self.learner), STOCK, Overrides(), kinds(*checks), site)  # type: ignore[arg-type]
        self.engine = self.house.engine
        self.let(lambda: allowance)

    def let(self, allowance: Callable[[], float], **more: object) -> None:
        self.engine = Engine(replace(self.engine.parts, shadows=allowance, **more))  # type: ignore[arg-type]
        assert self.engine.shadows is not None
        self.engine.shadows.pause, self.engine.shadows.chance = 0.0, 1.0

    def task(self, name: str = "t", **changes: object) -> Task:
        span = Span(Position(1, 0), Position(1, 16))
        asked = Task(id=name, kind="fix", feature="code_action", document=document(self.root, "sums.py"), span=span)
        return replace(asked, **changes)  # type: ignore[arg-type]

    async def ask(self, *tasks: Task) -> list[Entry]:
        """Ask, wait for all shadows, and return theirs."""
        for task in tasks or (self.task(),):
            await self.engine.run(task)
            await self.settle()
        return self.recorded()

    async def settle(self) -> None:
        await asyncio.sleep(0.01)
        await self.engine.settle()

    def recorded(self) -> list[Entry]:
        return [entry for entry in history(self.house.ledger) if entry.policy == "shadow"]


@pytest.fixture(scope="module")
def says() -> dict[str, str | Line]:
    return {"cheap": WRONG, "middle": RIGHT, "dear": RIGHT}


async def test_a_cheaper_tier_is_asked_the_same_and_judged_by_the_same_checks(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    street = Street(tmp_path, says, *BUILT)
    outcome = await street.engine.run(street.task())
    assert outcome.candidate is not None
    assert outcome.candidate.text.strip() == "return b + a"
    await street.settle()
    (entry,) = street.recorded()
    (attempt,) = entry.attempts
    assert (attempt.tier, attempt.role, attempt.result) == ("fast", Role.SHADOW, "used")
    assert [(verdict.check, verdict.passed) for verdict in attempt.verdicts][-1] == ("builds", False)
    assert attempt.cost is not None
    assert attempt.cost > 0
    assert (entry.feature, entry.signals["beside"], entry.signals["probability"]) == ("shadow", "t", 1.0)
    assert not entry.answered
    assert "fake/cheap was asked the same after the answer was given" in entry.reason
    first, second = street.house.asked
    assert first.prompt == second.prompt


async def test_the_chance_of_each_choice_is_recorded(tmp_path: Path, says: dict[str, str | Line]) -> None:
    """Two cheaper tiers, of which one is drawn, in half of the tasks."""
    street = Street(tmp_path, says, *BUILT)
    street.let(lambda: 1.0, policies=(ladder("frontier"),))
    assert street.engine.shadows is not None
    street.engine.shadows.chance, street.engine.shadows.random = 0.5, Random(4)
    found = await street.ask(*(street.task(f"t{number}") for number in range(10)))
    assert 2 <= len(found) <= 8
    assert {entry.signals["probability"] for entry in found} == {0.25}
    assert {entry.attempts[0].tier for entry in found} == {"fast", "mid"}


async def test_an_engine_without_a_share_makes_none(tmp_path: Path, says: dict[str, str | Line]) -> None:
    street = Street(tmp_path, says, *BUILT)
    street.engine = Engine(replace(street.engine.parts, shadows=None))
    assert await street.ask() == []


async def test_what_nothing_hard_has_judged_is_not_shadowed(tmp_path: Path, says: dict[str, str | Line]) -> None:
    assert await Street(tmp_path, says, "not_empty", "parses").ask() == []


async def test_what_the_editor_asks_by_itself_what_may_wait_and_what_spans_files_is_not_shadowed(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    street = Street(tmp_path, says, *BUILT)
    other = document(street.root, "check.py")
    unfit = (street.task(feature="inline_completion"), street.task(patient=True), street.task(files=(other,)))
    assert await street.ask(*unfit) == []


async def test_where_the_cheapest_tier_answered_there_is_nobody_to_ask(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    street = Street(tmp_path, {**says, "cheap": RIGHT}, *BUILT)
    street.let(lambda: 1.0, policies=(ladder("fast", "mid"),))
    assert await street.ask() == []


async def test_an_answer_that_was_not_good_enough_is_shadowed_too(tmp_path: Path, says: dict[str, str | Line]) -> None:
    """Else the cheap tier would be tried on easy tasks alone."""
    (entry,) = await Street(tmp_path, {**says, "middle": WRONG}, *BUILT).ask()
    assert entry.attempts[0].tier == "fast"


async def test_what_is_left_of_the_share_must_pay_for_the_longest_answer(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    """4,000 tokens at $5 a million are 2 cents."""
    assert await Street(tmp_path / "poor", says, *BUILT, allowance=0.02).ask() == []
    assert len(await Street(tmp_path / "rich", says, *BUILT, allowance=0.03).ask()) == 1


async def test_a_day_of_shadows_costs_no_more_than_their_share(tmp_path: Path, says: dict[str, str | Line]) -> None:
    settings = BudgetSettings(day=2.0, shadow=0.02)
    street = Street(tmp_path, {**says, "cheap": Line(text=WRONG, usage=Usage(input=400, output=3_000))}, *BUILT)
    purse = Budget(limits(settings), STOCK, Spending())
    allowance = shadows(settings, purse)
    assert allowance is not None
    street.let(allowance, observers=(purse,), gates=(purse,))
    found = await street.ask(*(street.task(f"t{number}") for number in range(6)))
    assert len(found) == 2
    assert 0.02 < sum(entry.cost or 0.0 for entry in found) < 0.04
    assert purse.spending.of(("feature", "shadow")) == pytest.approx(sum(entry.cost or 0.0 for entry in found))


def test_without_a_limit_there_is_no_share_and_a_month_s_is_dealt_out_by_day() -> None:
    purse = Budget(limits(BudgetSettings()), STOCK, Spending())
    assert shadows(BudgetSettings(shadow=0.02), purse) is None
    assert shadows(BudgetSettings(day=2.0), purse) is None
    allowance = shadows(BudgetSettings(day=2.0, month=31.0, shadow=0.02), purse)
    assert allowance is not None
    assert allowance() == pytest.approx(0.02)


async def test_a_shadow_that_is_broken_off_is_booked_and_nothing_begins_afterwards(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    street = Street(tmp_path, {**says, "cheap": Line(text=WRONG, delay=30)}, *BUILT)
    await street.engine.run(street.task())
    async with asyncio.timeout(20):
        while len(street.house.asked) < 2:  # noqa: ASYNC110 - the fake provider tells nobody
            await asyncio.sleep(0.01)
    street.engine.rest()
    await street.settle()
    (entry,) = street.recorded()
    assert entry.attempts[0].result == "cancelled"
    assert len(await street.ask(street.task("u"))) == 1


async def test_one_at_a_time(tmp_path: Path, says: dict[str, str | Line]) -> None:
    street = Street(tmp_path, says, *BUILT)
    await asyncio.gather(*(street.engine.run(street.task(name)) for name in "abc"))
    await street.settle()
    assert len(street.recorded()) == 1


async def test_it_is_no_request_of_the_user_s_and_its_cost_is_in_the_report_by_its_own_name(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    street = Street(tmp_path, says, *BUILT)
    (entry,) = await street.ask()
    found = report(street.house.ledger, frontier=model("dear"))
    assert found.total.requests == found.total.answered == 1
    assert found.total.calls == 2
    (line,) = [line for line in found.features if line.name == "shadow"]
    assert (line.requests, line.calls, line.cost) == (0, 1, entry.cost)
    assert line.waste.total == 0.0
    assert found.counterfactual is not None
    assert found.counterfactual.requests == 1
    assert found.counterfactual.actual == pytest.approx(found.total.cost)


async def test_what_the_checks_say_of_a_shadow_teaches_the_learned_policy(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    chances = {}
    for name, text in (("wrong", WRONG), ("right", RIGHT)):
        street = Street(tmp_path / name, {**says, "cheap": text}, *BUILT)
        street.learner.decide(street.task(), street.engine.parts.kinds("fix"), STOCK)
        await street.ask(*(street.task(f"t{number}") for number in range(4)))
        street.learner.refit()
        assert street.learner.memory.tracks["cheap"].count == pytest.approx(2.0)
        found = street.learner.prospects(street.task(), street.engine.parts.kinds("fix"), STOCK)
        chances[name] = next(each.chance for each in found if each.tier == "fast")
    assert chances["right"] > chances["wrong"] + 0.1


async def test_tuning_counts_a_shadow_with_the_task_that_it_followed(
    tmp_path: Path, says: dict[str, str | Line]
) -> None:
    street = Street(tmp_path, says, *BUILT)
    await street.ask()
    (case,) = cases(street.house.ledger)
    assert [(trial.model, trial.solved) for trial in case.trials] == [("middle", 0.9), ("cheap", 0.1)]
    assert not [trait for trait in case.traits if trait.startswith("beside")]


async def test_why_and_report_show_it(
    tmp_path: Path, says: dict[str, str | Line], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    street = Street(tmp_path, says, *BUILT)
    await street.ask()
    assert main(["why", "--ledger", str(street.house.ledger), "--last", "1"]) == 0
    shown = capsys.readouterr().out
    assert "fake/cheap was asked the same after the answer was given" in shown
    assert "shadow: used (builds)" in shown
    assert "in the background" in shown
    assert "no answer" not in shown
    assert "probability=1" in shown
    assert await asyncio.to_thread(main, ["report", "--ledger", str(street.house.ledger)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("shadow")]
    assert line.split()[1:3] == ["0", "1"]
