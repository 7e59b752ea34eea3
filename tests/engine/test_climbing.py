"""How the cascade climbs: triage first, checks and the judge between, what was good kept, and never past its time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor, over
from engine.house import House, build, tiers
from tierwise import tasks
from tierwise.core.decision import Role
from tierwise.core.options import Options, Overrides
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.task import TaskKind
from tierwise.core.text import Text
from tierwise.engine import Engine
from tierwise.engine.shape import applied, texts
from tierwise.engine.shared import Shared
from tierwise.ledger.history import history
from tierwise.policies.cascade import Cascade
from tierwise.policies.rules import Rule, Rules
from tierwise.rehearsal import Line

BROKEN = "def f(a):\n├    retrun a┤\n"
GOOD, BETTER, BAD = "```\n    return a\n```", "```\n    return a + 0\n```", "```\n    return (((\n```"
STOCK = tiers(fast="cheap", mid="middle", frontier="dear")
PROSE = "I think this is a hard one, so be careful."


def rules(home: str = "fast") -> Rules:
    return Rules([Rule(name="home", ladder=(home,), reason="At home.", any_of={}, over={}, under={})])


def kinds(**changes: object) -> Callable[[str], TaskKind]:
    """Return the kinds, with the one for fixes changed."""
    return lambda name: replace(tasks.load(name), **changes) if name == "fix" else tasks.load(name)  # type: ignore[arg-type]


PLAIN = kinds(checks=("not_empty", "changes_something", "parses"))


def house(path: Path, says: dict[str, str | Line | list[Line]], **more: object) -> House:
    """Return a house with a cascade from the fast tier up, in which nobody judges unless ``kinds`` say so."""
    return build(path, says, (Cascade(rules()), rules()), STOCK, **{"kinds": PLAIN, **more})  # type: ignore[arg-type]


def told(outcome: Outcome) -> list[tuple[str, str]]:
    return [(attempt.model.name, attempt.role.value) for attempt in outcome.attempts]


def verdict(attempt: Attempt, name: str):
    return next(verdict for verdict in attempt.verdicts if verdict.check == name)


async def test_a_checkable_task_climbs_until_an_answer_holds(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": BAD, "middle": BAD, "dear": GOOD})
    outcome = await seat.engine.run(over(BROKEN))
    assert [attempt.tier for attempt in outcome.attempts] == ["fast", "mid", "frontier"]
    assert outcome.decision.policy == "cascade"
    assert outcome.doubt == ""
    assert "parses: line 2" in seat.asked[-1].prompt


async def test_a_task_that_nothing_can_check_is_left_to_the_rules(tmp_path: Path) -> None:
    outcome = await house(tmp_path, {"cheap": "1"}).engine.run(at_cursor("x = ‸\n"))
    assert outcome.decision.policy == "rules"


def block(name: str, old: str, new: str) -> str:
    return f"{name}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n"


async def test_only_the_file_that_failed_climbs(tmp_path: Path) -> None:
    """Of the cheap answer one file does not parse: the next model answers for that alone, and both are given."""
    task = over("├a = 1┤\n", kind="refactor", instruction="Rename a.")
    assert task.document is not None
    other = replace(task.document, uri="file:///project/other.py", text=Text.of("b = 2\n"))
    says = {
        "cheap": block("file.py", "a = 1", "new_a = 1") + block("other.py", "b = 2", "new_b = (2"),
        "middle": block("other.py", "b = 2", "new_b = 2"),
    }
    seat = build(
        tmp_path,
        says,
        (Cascade(rules()), rules()),
        STOCK,
        kinds=lambda name: replace(tasks.load(name), checks=("parses",), template="{{instruction}} {{rejections}}"),
    )  # type: ignore[arg-type]
    outcome = await seat.engine.run(replace(task, files=(other,)))
    assert told(outcome) == [("cheap", "answer"), ("middle", "answer")]
    assert outcome.candidate is not None
    after = applied(outcome.candidate.edits, texts(outcome.task))
    assert {uri.rpartition("/")[2]: str(text) for uri, text in after.items()} == {
        "file.py": "new_a = 1\n",
        "other.py": "new_b = 2\n",
    }
    assert "the changes to file.py were accepted and are in place; answer only for other.py" in seat.asked[-1].prompt


JUDGED = kinds(checks=("not_empty", "parses", "judge"))


async def test_a_judge_s_low_mark_climbs_and_its_call_is_booked(tmp_path: Path) -> None:
    says = {"cheap": [Line(text=GOOD), Line(text='{"score": 0.4, "reason": "ignores b"}')], "middle": BETTER}
    seat = build(tmp_path, says, (Cascade(rules()), rules()), tiers(fast="cheap", mid="middle"), kinds=JUDGED)  # type: ignore[arg-type]
    outcome = await seat.engine.run(over(BROKEN))
    assert told(outcome) == [("cheap", "judge"), ("cheap", "answer"), ("middle", "answer")]
    assert outcome.candidate is not None
    assert outcome.candidate.text.strip() == "return a + 0"
    assert "judge: ignores b" in seat.asked[-1].prompt
    (entry,) = history(seat.ledger)
    assert entry.cost == outcome.cost
    assert [attempt.role for attempt in entry.attempts] == ["judge", "answer", "answer"]


async def test_nobody_judges_where_nobody_stands_above(tmp_path: Path) -> None:
    seat = build(tmp_path, {"cheap": GOOD}, (rules(),), tiers(fast="cheap"), kinds=JUDGED)
    outcome = await seat.engine.run(over(BROKEN))
    assert told(outcome) == [("cheap", "answer")]
    assert verdict(outcome.attempts[0], "judge").skipped


async def test_an_answer_is_judged_by_another_model_where_there_is_one(tmp_path: Path) -> None:
    says = {"cheap": GOOD, "other": '{"score": 0.9, "reason": ""}'}
    seat = build(tmp_path, says, (Cascade(rules()), rules()), tiers(fast="cheap other", mid="middle"), kinds=JUDGED)  # type: ignore[arg-type]
    assert told(await seat.engine.run(over(BROKEN))) == [("other", "judge"), ("cheap", "answer")]


async def test_a_judge_that_is_slower_than_the_time_left_leaves_the_answer_as_it_is(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": [Line(text=GOOD), Line(delay=30)]}, kinds=JUDGED)
    task = replace(over(BROKEN), deadline=asyncio.get_running_loop().time() + 0.5)
    outcome = await seat.engine.run(task)
    assert outcome.answer is not None
    assert verdict(outcome.answer, "judge").skipped


async def test_a_judge_that_answers_prose_is_not_heard_and_why_tells(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": [Line(text=GOOD), Line(text="Looks fine!")]}, kinds=JUDGED)
    outcome = await seat.engine.run(over(BROKEN))
    assert outcome.answer is not None
    assert outcome.answer.tier == "fast"
    (entry,) = history(seat.ledger)
    (said,) = [verdict for verdict in entry.attempts[-1].verdicts if verdict.check == "judge"]
    assert (said.skipped, said.reason) == (True, "the judge did not answer in the form asked for")


async def test_a_judge_switched_off_is_not_asked(tmp_path: Path) -> None:
    off = Overrides(tasks={"judge": Options(enabled=False)})
    seat = build(tmp_path, {"cheap": GOOD}, (Cascade(rules()), rules()), STOCK, off, JUDGED)
    assert told(await seat.engine.run(over(BROKEN))) == [("cheap", "answer")]


FREE = {"free_form": True}
HARD = '{"need": "hard", "kind": "fix"}'


async def test_triage_picks_the_rest_of_the_ladder_and_is_booked(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": HARD, "dear": GOOD})
    outcome = await seat.engine.run(over(BROKEN, facts=FREE, instruction="make it fast"))
    assert told(outcome) == [("cheap", "triage"), ("dear", "answer")]
    assert [rung.tier for rung in outcome.decision.ladder] == ["fast", "frontier"]
    assert outcome.decision.signals["triage"] == "hard"
    assert outcome.decision.signals["kind"] == "fix"
    assert "make it fast" in seat.asked[0].prompt
    (entry,) = history(seat.ledger)
    assert entry.cost == outcome.cost
    assert entry.cost


@pytest.mark.parametrize("text", [PROSE, "", '{"need": "impossible", "kind": "fix"}', '["hard"]'])
async def test_a_triage_that_answers_anything_else_leaves_the_ladder_as_it_was(tmp_path: Path, text: str) -> None:
    seat = house(tmp_path, {"cheap": [Line(text=text), Line(text=GOOD)]})
    outcome = await seat.engine.run(over(BROKEN, facts=FREE, instruction="make it fast"))
    assert told(outcome) == [("cheap", "triage"), ("cheap", "answer")]
    assert outcome.answer is not None


async def test_prose_from_triage_is_shown_in_why(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": [Line(text=PROSE), Line(text=GOOD)]})
    await seat.engine.run(over(BROKEN, facts=FREE, instruction="make it fast"))
    (entry,) = history(seat.ledger)
    assert "stays as planned" in entry.attempts[0].verdicts[0].reason


async def test_prose_from_triage_is_not_kept_and_what_was_asked_for_is(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": [Line(text=PROSE), Line(text=GOOD), Line(text=HARD)], "dear": GOOD})
    engine = Engine(replace(seat.engine.parts, shared=Shared()))
    task = over(BROKEN, facts=FREE, instruction="make it fast")
    tiers_asked = [[attempt.tier for attempt in (await engine.run(task)).attempts] for _ in range(3)]
    assert tiers_asked == [["fast", "fast"], ["fast", "frontier"], ["fast", "frontier"]]
    assert [cue.model for cue in seat.asked] == ["cheap", "cheap", "cheap", "dear", "dear"]


async def test_triage_that_fails_costs_nothing_but_its_time(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": [Line(fault="status", status=503), Line(text=GOOD)], "middle": GOOD})
    outcome = await seat.engine.run(over(BROKEN, facts=FREE, instruction="make it fast"))
    assert outcome.attempts[0].role is Role.TRIAGE
    assert outcome.answer is not None


async def test_facts_that_decide_leave_triage_out(tmp_path: Path) -> None:
    policies = (Cascade(rules("frontier")), rules("frontier"))
    seat = build(tmp_path, {"dear": GOOD}, policies, STOCK, kinds=PLAIN)
    assert told(await seat.engine.run(over(BROKEN, facts=FREE))) == [("dear", "answer")]
    seat = house(tmp_path / "b", {"cheap": GOOD})
    assert told(await seat.engine.run(over(BROKEN))) == [("cheap", "answer")]


async def test_it_does_not_climb_where_too_little_time_is_left(tmp_path: Path) -> None:
    seat = house(tmp_path, {"cheap": Line(text=BAD, delay=0.4), "middle": GOOD})
    task = replace(over(BROKEN), deadline=asyncio.get_running_loop().time() + 0.6)
    outcome = await seat.engine.run(task)
    assert told(outcome) == [("cheap", "answer")]
    assert "no time left to ask mid" in outcome.decision.reason


async def test_where_time_ends_the_best_answer_without_a_veto_is_used_and_marked(tmp_path: Path) -> None:
    marks = kinds(checks=("not_empty", "parses", "repeats"))
    again = "```\n" + "    a = g(a)\n" * 6 + "```"
    seat = house(tmp_path, {"cheap": Line(text=again, delay=0.3), "middle": Line(text=GOOD, delay=9)}, kinds=marks)
    task = replace(over(BROKEN), deadline=asyncio.get_running_loop().time() + 0.8)
    outcome = await seat.engine.run(task)
    assert outcome.answer is not None
    assert outcome.answer.tier == "fast"
    assert outcome.doubt == "5 of 6 lines repeat those before them"


async def test_an_answer_given_up_while_it_was_checked_is_booked(tmp_path: Path) -> None:
    slow = kinds(checks=("parses", "judge"))
    seat = house(tmp_path, {"cheap": [Line(text=GOOD), Line(delay=30)]}, kinds=slow)
    running = asyncio.create_task(seat.engine.run(over(BROKEN)))
    await asyncio.sleep(0.2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await seat.engine.settle()
    (entry,) = history(seat.ledger)
    assert [(attempt.role, attempt.result) for attempt in entry.attempts] == [
        ("judge", "cancelled"),
        ("answer", "cancelled"),
    ]
