"""Only what failed climbs: edits that no check found fault with stay."""

import time

from tierwise.core.decision import Role
from tierwise.core.edit import Candidate, CreateFile, Edit, TextEdit
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Place, Verdict
from tierwise.core.reply import Usage
from tierwise.core.text import Position, Span
from tierwise.engine.kept import joined, kept, told

A, B = "file:///p/a.py", "file:///p/b.py"


def change(uri: str, first: int, last: int, text: str) -> TextEdit:
    return TextEdit(uri=uri, version=1, span=Span(Position(first, 0), Position(last, 0)), new_text=text)


def attempt(*edits: Edit, places: tuple[Place, ...] = (), passed: bool = False) -> Attempt:
    verdict = Verdict(check="types", passed=passed, score=float(passed), places=places)
    return Attempt(
        role=Role.ANSWER,
        tier="fast",
        model=Model(name="m", provider="fake", price=None),
        started=time.time(),
        first_token=None,
        seconds=0.1,
        usage=Usage(),
        candidate=Candidate(text="", edits=edits),
        verdicts=(verdict,),
    )


ONE, TWO = change(A, 0, 1, "x\ny\nz\n"), change(A, 5, 6, "w\n")
OTHER = change(B, 0, 1, "q\n")


def test_the_other_files_stay_where_one_file_failed() -> None:
    assert kept(attempt(ONE, TWO, OTHER, places=(Place(uri=A),))) == (OTHER,)


def test_the_edits_of_one_file_stand_and_fall_together() -> None:
    """The next answer is made for the file as it was, and would repeat a hunk that was kept."""
    assert kept(attempt(ONE, TWO, places=(Place(uri=A, line=7),))) == ()
    assert kept(attempt(ONE, TWO, OTHER, places=(Place(uri=A, line=5),))) == (OTHER,)


def test_a_fault_without_a_place_fails_everything() -> None:
    assert kept(attempt(ONE, OTHER)) == ()


def test_a_single_edit_leaves_nothing_to_keep() -> None:
    assert kept(attempt(ONE, places=(Place(uri=A, line=1),))) == ()


def test_faults_elsewhere_than_in_any_edit_keep_nothing() -> None:
    assert kept(attempt(ONE, OTHER, places=(Place(uri="file:///p/c.py"),))) == ()


def test_the_next_answer_is_joined_with_what_was_kept_and_wins_where_both_speak() -> None:
    new = change(A, 0, 1, "new\n")
    assert joined((OTHER,), Candidate(text="", edits=(new,))).edits == (OTHER, new)
    assert joined((ONE, OTHER), Candidate(text="", edits=(new,))).edits == (OTHER, new)
    assert joined((TWO, OTHER), Candidate(text="", edits=(new,))).edits == (OTHER, new)
    created = CreateFile(uri=B, text="")
    assert joined((OTHER,), Candidate(text="", edits=(created,))).edits == (created,)


def test_the_next_model_is_told_what_is_left() -> None:
    tried = attempt(ONE, OTHER, places=(Place(uri=A),))
    assert told(kept(tried), tried) == "the changes to b.py were accepted and are in place; answer only for a.py"
