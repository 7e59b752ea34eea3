"""What holds for every reply, however a model writes it."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drawing import CURSOR, at_cursor
from tierwise import tasks, trims
from tierwise.core.task import Task
from tierwise.engine.shape import applied, shape, texts

KIND = tasks.load("autocomplete")
(ENOUGH,) = trims.stops(KIND.trims)

PLACES = [
    ("python", "x = ‸\ny = 2\n"),
    ("python", "def total(xs):\n    ‸\n\n\ndef mean(xs):\n    return total(xs) / len(xs)\n"),
    ("python", "def total(‸)\n"),
    ("python", "if a:\n    b = f('‸')\nelse:\n    c()\n"),
    ("python", "print(‸, end='')\n"),
    ("typescript", "export class A {\n  get‸\n}\n"),
    ("typescript", "on('x', (data) => {‸})\n"),
    ("typescript", "const a = {\n  ‸\n};\n"),
    ("go", "func f() int {\n\t‸\n}\n"),
    ("rust", "fn f<'a>(x: &'a str) -> &'a str {\n    ‸\n}\n"),
    ("markdown", "# Title\n\nIt's ‸\n"),
    ("", "‸"),
]

PIECES = [
    *("\n", "\n\n", "    ", "\t", "  ", " "),
    *("(", ")", "[", "]", "{", "}", "};", "})", ");", "'", '"', "`", ":", ",", ";", "#", "//"),
    *("a", "total(xs)", "return x", "x = 1", "else:", "if a:", "def f(a):", "for x in xs:", "value", "get foo() {"),
    *(
        "```python\n",
        "```",
        "Here is the code:\n",
        "This works well for you.\n",
        "<|endoftext|>",
    ),
    *("<CURSOR>", "y = 2\n", "def mean(xs):\n", "😀", "שלום", "\r\n", "return total(xs) / len(xs)\n"),
]

replies = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
places = st.sampled_from(PLACES)


def result(task: Task, text: str) -> str:
    """Return the document with the reply in it."""
    edits = shape(text, task, KIND).edits
    assert task.document is not None
    return str(applied(edits, texts(task)).get(task.document.uri, task.document.text))


@given(place=places, reply=replies)
@example(place=PLACES[1], reply="```python\nreturn x\n```\nThis works well for you.\n")
@settings(max_examples=400, deadline=None, derandomize=True)
def test_what_stands_around_the_cursor_stays(place: tuple[str, str], reply: str) -> None:
    """Only closing punctuation right behind the cursor is ever replaced."""
    language, drawing = place
    task = at_cursor(drawing, language)
    before, _, after = drawing.partition(CURSOR)
    whole = result(task, reply)
    assert whole.startswith(before)
    rest, _, below = after.partition("\n")
    kept = whole[len(before) :]
    assert kept.endswith("\n" + below if "\n" in after else rest) or not rest.strip()


@given(place=places, reply=replies)
@settings(max_examples=600, deadline=None, derandomize=True)
def test_a_stream_that_is_ended_early_shows_what_the_whole_reply_shows(place: tuple[str, str], reply: str) -> None:
    """Thoughts whose beginning the server left out are the one exception: until they end they read like an answer."""
    language, drawing = place
    task = at_cursor(drawing, language)
    stop = next((size for size in range(len(reply)) if ENOUGH(reply[:size], task)), None)
    if stop is not None:
        assert result(task, reply[:stop]) == result(task, reply)


@given(place=places, reply=st.text(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_text_breaks_a_trim(place: tuple[str, str], reply: str) -> None:
    language, drawing = place
    task = at_cursor(drawing, language)
    ENOUGH(reply, task)
    assert shape(reply, task, KIND).text == shape(reply, task, KIND).text


HOSTILE = [
    *(
        piece * (2_000 // len(piece))
        for piece in ("\n", " ", "A a ", "Aaaa aaa aaa aaa aaa.\n", "Here is ", "\n\nThis ")
    ),
    *(piece * (2_000 // len(piece)) for piece in ("(", "()", '"', "'", "`", '"""', "\\", '"\\', "/*", "#", "<", "[")),
    *(
        piece * (2_000 // len(piece))
        for piece in ("{\n", "}\n", "a", "abc ", "x = 1\n", "\t\n ", "```\n", "<think>", ". ")
    ),
]


@pytest.mark.parametrize("reply", HOSTILE, ids=[repr(reply[:8]) for reply in HOSTILE])
def test_no_reply_makes_a_trim_think_for_long(reply: str) -> None:
    """A pattern that backtracks would need minutes of the processor's time; seconds are generous on any machine."""
    start = time.thread_time()
    for language, drawing in PLACES:
        task = at_cursor(drawing, language)
        ENOUGH(reply + "x", task)
        shape(reply + "x", task, KIND)
    assert time.thread_time() - start < 5
