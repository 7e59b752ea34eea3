"""Whole replies through all trims of a completion, drawn: above the line what the model wrote, below it what is shown.

``├…┤`` is what is inserted at the cursor, ``╣`` ends what is replaced behind it, ``→`` stands for a tab.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from drawing import inserted
from tierwise import tasks, trims
from tierwise.core.edit import TextEdit
from tierwise.core.task import Task
from tierwise.engine.shape import shape

KIND = tasks.load("autocomplete")


class Case(NamedTuple):
    name: str
    language: str
    wrote: str
    shown: str


def _cases() -> list[Case]:
    found = []
    for path in sorted((Path(__file__).parent / "golden").glob("*.txt")):
        for block in path.read_text("utf-8").split("====== ")[1:]:
            head, _, body = block.partition("\n")
            language, _, name = head.partition(": ")
            wrote, _, shown = body.replace("→", "\t").partition("------\n")
            found.append(Case(f"{path.stem}: {name}", language, wrote, shown))
    return found


CASES = _cases()
parametrize = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def drawn(task: Task, text: str) -> str:
    """Draw what the reply makes of the document."""
    assert task.document is not None
    assert task.span is not None
    whole, candidate = task.document.text, shape(text, task, KIND)
    before = whole.before(task.span.start, 10_000)
    end = task.span.end
    inside = ""
    if candidate.edits:
        (edit,) = candidate.edits
        assert isinstance(edit, TextEdit)
        assert edit.span.start == task.span.start
        inside, end = edit.new_text, edit.span.end
    replaced = whole.before(end, 10_000).removeprefix(before)
    return f"{before}├{inside}┤{replaced}{'╣' if replaced else ''}{whole.after(end, 10_000)}"


@parametrize
def test_a_reply_is_shown_as_drawn(case: Case) -> None:
    task, text = inserted(case.wrote, case.language)
    assert drawn(task, text) == case.shown


@parametrize
def test_a_reply_for_a_file_with_carriage_returns_is_shown_alike(case: Case) -> None:
    task, text = inserted(case.wrote.replace("\n", "\r\n"), case.language)
    assert drawn(task, text) == case.shown.replace("\n", "\r\n")


@parametrize
def test_ending_the_stream_early_changes_nothing_that_is_shown(case: Case) -> None:
    """Wherever the trims have had enough, the rest of the reply would have been cut."""
    task, text = inserted(case.wrote, case.language)
    (enough,) = trims.stops(KIND.trims)
    stopped = [size for size in range(len(text)) if enough(text[:size], task)]
    for size in stopped:
        assert drawn(task, text[:size]) == case.shown, text[:size]


@parametrize
def test_what_is_shown_is_shown_again_when_it_is_asked_for_again(case: Case) -> None:
    """The trims find nothing more to cut in what they left."""
    task, text = inserted(case.wrote, case.language)
    once = shape(text, task, KIND).text
    assert shape(once, task, KIND).text == once


def test_most_of_what_a_model_says_too_much_is_never_read() -> None:
    """The stream ends within a few characters of the place where the reply leaves its scope."""
    task, text = inserted("def f(a):\n    ├return a\n\n\ndef g(b):\n    return b + 1┤\n")
    (enough,) = trims.stops(KIND.trims)
    first = next(size for size in range(len(text)) if enough(text[:size], task))
    assert text[:first] == "return a\n\n\ndef "
