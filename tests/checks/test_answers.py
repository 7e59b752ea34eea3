"""Checks of the answer itself: it fits, it is whole, it does not go in circles; and the judge."""

import time
from pathlib import Path

import pytest

from checks.projects import trial, verdict
from drawing import over
from tierwise.checks import STRONG, Trial, load
from tierwise.core.decision import Role
from tierwise.core.edit import Candidate, TextEdit
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Verdict
from tierwise.core.reply import Finish, Reply, Usage
from tierwise.core.text import Position, Span


def write(tmp_path: Path, text: str, name: str = "a.py") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "stub",
    [
        "# ... rest of the code unchanged ...",
        "# rest of the code remains the same",
        "// ... existing code ...",
        "/* rest unchanged */",
        "# ...",
        "// other methods remain unchanged",
        "# ... (previous implementation)",
    ],
)
async def test_a_note_in_place_of_code_is_vetoed(tmp_path: Path, stub: str) -> None:
    said = await verdict("complete", trial(write(tmp_path, "x = 1\ny = 2\n"), {"a.py": f"x = 2\n{stub}\n"}))
    assert (said.passed, said.hard) == (False, True)
    assert said.places[0].line == 1


@pytest.mark.parametrize(
    "comment",
    [
        "# the rest of the list is sorted",
        "# keep the existing code path fast",
        "# TODO: handle other methods",
        "# returns the same value",
        "x = [...]",
    ],
)
async def test_an_ordinary_comment_is_none(tmp_path: Path, comment: str) -> None:
    assert (await verdict("complete", trial(write(tmp_path, "x = 1\n"), {"a.py": f"{comment}\nx = 2\n"}))).passed


async def test_a_note_that_was_there_before_may_stay(tmp_path: Path) -> None:
    assert (await verdict("complete", trial(write(tmp_path, "# ...\nx = 1\n"), {"a.py": "x = 2\n# ...\n"}))).passed


TWO = "def f():\n    return 1\n\n\ndef g():\n    return 2\n"


async def test_a_lost_definition_is_marked_down_unless_it_was_renamed_or_spoken_of(tmp_path: Path) -> None:
    root = write(tmp_path, TWO)
    said = await verdict("complete", trial(root, {"a.py": "def f():\n    return 1\n"}))
    assert (said.passed, said.hard, said.reason) == (False, False, "lost: g")
    assert said.score < 0.5
    assert (await verdict("complete", trial(root, {"a.py": TWO.replace("g", "h")}))).passed
    assert (await verdict("complete", trial(root, {"a.py": "def f(): ...\n"}, instruction="remove g"))).passed


async def test_going_round_in_circles_is_marked_down_by_its_share(tmp_path: Path) -> None:
    said = await verdict("repeats", trial(write(tmp_path, ""), {"a.py": "x = 1\n" + "y = 2\nz = 3\n" * 4}))
    assert (said.passed, said.hard) == (False, False)
    assert said.score == pytest.approx(3 / 9)


async def test_brackets_in_rows_and_pairs_of_lines_are_no_circle(tmp_path: Path) -> None:
    text = "a(\n b(\n  c(\n  )\n )\n)\n}\n}\n}\nx += 1\nx += 1\n"
    assert (await verdict("repeats", trial(write(tmp_path, ""), {"a.py": text}))).passed


async def test_repeating_what_follows_is_marked_down() -> None:
    task = over("├x┤\nresult = compute(everything)\nprint(result)\n")
    candidate = Candidate(text="y\nresult = compute(everything)\n")
    said = await load("repeats").check(Trial(task=task, candidate=candidate, before={}, after={}))
    assert said.reason == "1 lines repeat what follows in the file"


async def test_an_edit_for_another_version_file_or_place_does_not_apply() -> None:
    task = over("├x┤\n")
    assert task.document is not None
    uri, span = task.document.uri, Span(Position(0, 0), Position(0, 1))

    async def said(*edits: TextEdit) -> Verdict:
        candidate = Candidate(text="y", edits=edits)
        before = {uri: task.document.text} if task.document else {}
        return await load("applies").check(Trial(task=task, candidate=candidate, before=before, after={}))

    fine = TextEdit(uri=uri, version=1, span=span, new_text="y")
    assert (await said(fine)).passed
    assert "version" in (await said(TextEdit(uri=uri, version=2, span=span, new_text="y"))).reason
    assert "not part" in (await said(TextEdit(uri="file:///b", version=1, span=span, new_text="y"))).reason
    assert "overlap" in (await said(fine, fine)).reason


def judged(text: str | None):
    asked: list[str] = []

    async def ask(question: str) -> Attempt | None:
        asked.append(question)
        if text is None:
            return None
        reply = Reply(text=text, usage=Usage(), finish=Finish.STOP, resolved="j")
        model = Model(name="j", provider="fake", price=None)
        return Attempt(
            role=Role.JUDGE, tier="fast", model=model, started=time.time(), first_token=None, seconds=0.1,
            usage=Usage(), reply=reply,
        )  # fmt: skip

    return ask, asked


async def test_the_judge_sees_the_change_and_its_number_is_the_score(tmp_path: Path) -> None:
    ask, asked = judged('{"score": 0.7, "reason": "misses a case"}')
    said = await verdict("judge", trial(write(tmp_path, "x = 1\n"), {"a.py": "x = 2\n"}), ask)
    assert (said.score, said.hard, said.reason) == (0.7, False, "misses a case")
    assert "-x = 1\n+x = 2\n" in asked[0]


@pytest.mark.parametrize(
    "text",
    [
        "The answer looks good to me!",
        '{"score": "high"}',
        '{"score": 7}',
        '{"score": true}',
        "[0.9]",
        "",
        '{"score": NaN}',
    ],
)
async def test_a_judge_that_answers_anything_else_is_not_heard(tmp_path: Path, text: str) -> None:
    said = await verdict("judge", trial(write(tmp_path, "x = 1\n"), {"a.py": "x = 2\n"}), judged(text)[0])
    assert (said.passed, said.skipped) == (True, True)
    assert "form asked for" in said.reason


@pytest.mark.parametrize("harder", sorted(STRONG))
async def test_the_judge_is_not_asked_where_something_harder_judged(tmp_path: Path, harder: str) -> None:
    from dataclasses import replace

    ask, asked = judged('{"score": 0.1}')
    tried = replace(
        trial(write(tmp_path, "x = 1\n"), {"a.py": "x = 2\n"}),
        verdicts=(Verdict(check=harder, passed=True, score=1.0),),
    )
    said = await verdict("judge", tried, ask)
    assert (said.skipped, asked) == (True, [])


async def test_without_anybody_to_ask_there_is_no_verdict(tmp_path: Path) -> None:
    assert (await verdict("judge", trial(write(tmp_path, "x = 1\n"), {"a.py": "x = 2\n"}))).skipped
    assert (await verdict("judge", trial(write(tmp_path, "x\n"), {"a.py": "y\n"}), judged(None)[0])).skipped
