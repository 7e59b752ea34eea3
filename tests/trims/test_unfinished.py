"""A reply that the token limit cut."""

import pytest

from drawing import inserted
from tierwise import tasks
from tierwise.engine.shape import shape

CASES = [
    ("def f(a):\n    ├b = a + 1\n    return b + fo┤\n", "b = a + 1"),
    ("x = ├alpha + bet┤\n", "alpha +"),
    ("x = ├alpha + (┤\n", "alpha + ("),
    ("x = ├```python\nalpha + bet┤\n", "alpha +"),
]


@pytest.mark.parametrize(("drawing", "left"), CASES)
def test_the_row_or_word_at_the_limit_is_left_out(drawing: str, left: str) -> None:
    task, text = inserted(drawing)
    assert shape(text, task, tasks.load("autocomplete"), cut=True).text == left


@pytest.mark.parametrize("drawing", [drawing for drawing, _ in CASES[:2]])
def test_a_reply_that_ended_by_itself_is_whole(drawing: str) -> None:
    task, text = inserted(drawing)
    assert shape(text, task, tasks.load("autocomplete")).text == text
