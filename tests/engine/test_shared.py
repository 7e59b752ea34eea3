"""The same question is paid for once: by requests at the same time, later, and by other editors."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from drawing import over
from engine.house import House, build, ladder, tiers
from tierwise.checks import Trial
from tierwise.core.outcome import Outcome, Verdict
from tierwise.core.task import Task
from tierwise.engine import Engine
from tierwise.engine.shared import Shared
from tierwise.ledger.answers import NAME, Answers
from tierwise.ledger.history import history
from tierwise.rehearsal import Line

SAID = "It adds two numbers."
CODE = "def add(a, b):\n    return ├a┤ + b\n"


def ask(code: str = CODE, kind: str = "explain", name: str = "t") -> Task:
    return replace(over(code, kind=kind), id=name, feature="hover")


def shop(directory: Path, line: Line | list[Line], store: Answers | None = None) -> tuple[House, Engine, Shared]:
    directory.mkdir(exist_ok=True)
    house = build(directory, {"a": line}, (ladder("fast"),), tiers(fast="a"))
    shared = Shared(store)
    return house, Engine(replace(house.engine.parts, shared=shared)), shared


def text(outcome: Outcome) -> str | None:
    return outcome.candidate.text if outcome.candidate else None


async def test_the_same_question_again_is_free_and_the_saving_is_counted(tmp_path: Path) -> None:
    house, engine, shared = shop(tmp_path, Line(text=SAID))
    first = await engine.run(ask(name="1"))
    again = await engine.run(ask(name="2"))
    assert text(first) == text(again) == SAID
    assert len(house.asked) == 1
    assert again.cost == 0.0
    assert shared.hits == 1
    assert shared.saved == pytest.approx(first.cost)
    assert not history(house.ledger)[0].attempts[0].usage.total


async def test_questions_at_the_same_time_are_one_call(tmp_path: Path) -> None:
    house, engine, shared = shop(tmp_path, Line(text=SAID, delay=0.1))
    outcomes = await asyncio.gather(*(engine.run(ask(name=str(number))) for number in range(5)))
    assert {text(outcome) for outcome in outcomes} == {SAID}
    assert len(house.asked) == 1
    assert shared.hits == 4


async def test_who_gives_up_does_not_take_the_answer_from_the_others(tmp_path: Path) -> None:
    house, engine, _ = shop(tmp_path, Line(text=SAID, delay=0.1))
    first = asyncio.create_task(engine.run(ask(name="1")))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(engine.run(ask(name="2")))
    await asyncio.sleep(0.02)
    first.cancel()
    assert text(await second) == SAID
    assert len(house.asked) == 2
    await engine.settle()


async def test_a_failure_is_not_kept_and_whoever_waited_asks_himself(tmp_path: Path) -> None:
    house, engine, _ = shop(tmp_path, [Line(fault="status", status=400), Line(text=SAID)])
    outcomes = await asyncio.gather(*(engine.run(ask(name=str(number))) for number in range(2)))
    assert sorted(map(str, map(text, outcomes))) == sorted(["None", SAID])
    assert len(house.asked) == 2


async def test_a_rejected_answer_is_not_kept_and_the_next_one_is_asked_for(tmp_path: Path) -> None:
    store = Answers(tmp_path / NAME)
    sorted_as = '{\n  "class": "bug report",\n  "confidence": 0.9,\n  "reason": "It crashes."\n}'
    house, engine, shared = shop(tmp_path / "one", [Line(text="No idea."), Line(text=sorted_as)], store)
    task = replace(ask(kind="classify"), material={"classes": "bug report, question"})
    outcomes = [await engine.run(replace(task, id=str(number))) for number in range(3)]
    assert [text(outcome) for outcome in outcomes] == [None, sorted_as, sorted_as]
    assert outcomes[0].attempts[0].verdicts[0].check == "applies"
    assert (len(house.asked), shared.hits, store.saved()[0]) == (2, 1, 0)


async def test_an_answer_kept_from_before_is_dropped_where_it_is_rejected(tmp_path: Path) -> None:
    """What stands in the store may be older than the check that rejects it."""
    store = Answers(tmp_path / NAME)
    _, engine, _ = shop(tmp_path / "one", Line(text=SAID), store)
    await engine.run(ask(name="1"))
    house, other, _ = shop(tmp_path / "two", Line(text="Better."), store)
    strict = Engine(replace(other.parts, checks=lambda name: Unlike(SAID)))
    assert text(await strict.run(ask(name="2"))) is None
    assert house.asked == []
    assert text(await strict.run(ask(name="3"))) == text(await other.run(ask(name="4"))) == "Better."
    assert len(house.asked) == 1


@dataclass(frozen=True)
class Unlike:
    """A check that takes anything but one text."""

    text: str

    async def check(self, trial: Trial) -> Verdict:
        good = trial.candidate.text != self.text
        return Verdict(check="unlike", passed=good, score=float(good), reason="It is what was said before.")


async def test_other_code_is_another_question(tmp_path: Path) -> None:
    house, engine, _ = shop(tmp_path, Line(text=SAID))
    await engine.run(ask())
    await engine.run(ask(CODE.replace("+", "-")))
    assert len(house.asked) == 2


async def test_a_fix_is_asked_for_anew_every_time(tmp_path: Path) -> None:
    house, engine, _ = shop(tmp_path, Line(text="```\n1\n```"))
    for number in range(2):
        await engine.run(ask(kind="fix", name=str(number)))
    assert len(house.asked) >= 2


@pytest.mark.parametrize(("temperature", "calls"), [(None, 1), (0.7, 2)])
async def test_a_fix_asked_for_twice_at_the_same_time_is_one_call_unless_variety_is_wanted(
    tmp_path: Path, temperature: float | None, calls: int
) -> None:
    house, engine, shared = shop(tmp_path, Line(text="```\n1\n```", delay=0.1))
    task = replace(ask(kind="fix"), temperature=temperature)
    outcomes = await asyncio.gather(*(engine.run(replace(task, id=str(number))) for number in range(2)))
    assert all(outcome.candidate for outcome in outcomes)
    assert (len(house.asked), shared.hits) == (calls, 2 - calls)
    assert sum(outcome.cost == 0.0 for outcome in outcomes) == shared.hits


async def test_another_editor_finds_the_answer_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    store = Answers(tmp_path / NAME)
    _, engine, _ = shop(tmp_path / "one", Line(text=SAID), store)
    first = await engine.run(ask(name="1"))
    house, other, shared = shop(tmp_path / "two", Line(text="Not asked."), Answers(tmp_path / NAME))
    assert text(await other.run(ask(name="2"))) == SAID
    assert house.asked == []
    assert shared.saved == pytest.approx(first.cost)
    assert store.saved() == (1, pytest.approx(first.cost))
    for name in (NAME, f"{NAME}-wal"):
        path = tmp_path / name
        data = path.read_bytes() if path.exists() else b""
        assert b"adds" not in data
        assert b"return" not in data
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


async def test_a_store_that_cannot_be_used_only_costs_the_saving(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database at all, but some text" * 100)
    _, engine, _ = shop(tmp_path / "one", Line(text=SAID), Answers(tmp_path / NAME))
    assert text(await engine.run(ask())) == SAID


async def test_whoever_waits_for_another_keeps_his_own_deadline(tmp_path: Path) -> None:
    _, engine, _ = shop(tmp_path, Line(text=SAID, delay=1.0))
    first = asyncio.create_task(engine.run(ask(name="1")))
    await asyncio.sleep(0.02)
    moment = asyncio.get_running_loop().time() + 0.1
    outcome = await engine.run(replace(ask(name="2"), deadline=moment))
    assert outcome.candidate is None
    assert asyncio.get_running_loop().time() < moment + 0.5
    assert text(await first) == SAID
