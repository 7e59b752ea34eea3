"""An answer belongs where the document is as it was, with a beginning of the answer typed into it, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing import at_cursor
from tierwise.core.edit import TextEdit
from tierwise.core.task import Task
from tierwise.core.text import CHUNK, Position, Span, Text
from tierwise.features.suggestions.answer import Answer, Rest


def answer(drawing: str, text: str, held: int = 0) -> Answer:
    """Return the answer to a drawn request; it replaces ``held`` characters after the cursor."""
    task = at_cursor(drawing)
    assert task.document
    assert task.span
    place = task.span.start
    span = Span(place, Position(place.line, place.column + held))
    edit = TextEdit(uri=task.document.uri, version=1, span=span, new_text=text)
    return Answer.of(task.document, edit, task_id="one", model="p/m")


def rest(of: Answer, drawing: str) -> Rest | None:
    task = at_cursor(drawing)
    assert task.document
    assert task.span
    return of.rest(task.document, task.span.start)


def inserted(task: Task, left: Rest) -> str:
    assert task.document
    return str(task.document.text.replace(left.span, left.text))


@pytest.mark.parametrize(
    ("drawing", "left"),
    [
        ("x = ‸\ny\n", "one(two)\n    three"),
        ("x = o‸\ny\n", "ne(two)\n    three"),
        ("x = one(two)‸\ny\n", "\n    three"),
        ("x = one(two)\n‸\ny\n", "    three"),
        ("x = one(two)\n    th‸\ny\n", "ree"),
        ("x = one(two)\n    three‸\ny\n", ""),
    ],
)
def test_what_is_typed_already_is_left_out(drawing: str, left: str) -> None:
    found = rest(answer("x = ‸\ny\n", "one(two)\n    three"), drawing)
    assert found is not None
    assert found.text == left
    assert inserted(at_cursor(drawing), found) == "x = one(two)\n    three\ny\n"


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        ("x = t‸\ny\n", "another character was typed"),
        ("x ‸= \ny\n", "the cursor stands before the place"),
        ("x = one‸ \ny\n", "something else stands after the cursor"),
        ("x = one‸\nz\n", "the text after was changed"),
        ("xx = one‸\ny\n", "the text before was changed"),
        ("import a\nx = one‸\ny\n", "a line was added above"),
        ("x = one(two)\n  ‸\n    three\ny\n", "the rest stands there already"),
        ("x = on‸e\ny\n", "the cursor was moved back into what was typed"),
        ("x = one(two)\n    three\n‸\ny\n", "more was typed than was suggested"),
    ],
)
def test_it_belongs_nowhere_else(drawing: str, why: str) -> None:
    assert rest(answer("x = ‸\ny\n", "one(two)\n    three"), drawing) is None, why


@pytest.mark.parametrize(
    ("drawing", "left", "replaced"),
    [
        ("x = ‸)\n", "f(a))", ")"),
        ("x = f‸)\n", "(a))", ")"),
        ("x = f(‸))\n", "a))", "))"),
        ("x = f(a‸))\n", "))", "))"),
        ("x = f(a)‸)\n", ")", ")"),
    ],
)
def test_what_the_hole_held_is_replaced_with_what_the_editor_closed(drawing: str, left: str, replaced: str) -> None:
    found = rest(answer("x = ‸)\n", "f(a))", held=1), drawing)
    assert found is not None
    assert (found.text, found.span.end.column - found.span.start.column) == (left, len(replaced))


def test_what_the_answer_does_not_keep_is_not_replaced() -> None:
    """An editor could not show it."""
    assert rest(answer("x = ‸)\n", "f(a)", held=1), "x = f(a)‸)\n") is None


@pytest.mark.parametrize("drawing", ["x = f(‸)\ny\n", 'x = f("‸")\ny\n', 'x = f("a‸")\ny\n', "x = f(‸\ny\n"])
def test_what_the_editor_closed_by_itself_is_replaced(drawing: str) -> None:
    found = rest(answer("x = ‸\ny\n", 'f("a") if b else c'), drawing)
    assert found is not None
    assert inserted(at_cursor(drawing), found) == 'x = f("a") if b else c\ny\n'


@pytest.mark.parametrize(
    ("drawing", "left"),
    [
        ("f = () => {‸}\ny\n", "\n  a();\n}"),
        ("f = () => {\n  ‸\n}\ny\n", "a();"),
        ("f = () => {\n  a‸\n}\ny\n", "();"),
        ("f = () => {\n  a();‸\n}\ny\n", ""),
        ("f = () => {\n  a();\n‸\n}\ny\n", None),
        ("f = () => {\n  b‸\n}\ny\n", None),
        ("f = () => {\n  ‸\n  }\ny\n", None),
        ("f = () => {\n  ‸\n}\nz\n", None),
        ("f = () => {\n  ‸ c\n}\ny\n", None),
    ],
)
def test_it_goes_on_between_the_brackets_that_an_editor_has_put_on_lines_of_their_own(
    drawing: str, left: str | None
) -> None:
    found = rest(answer("f = ‸\ny\n", "() => {\n  a();\n}"), drawing)
    if left is None:
        assert found is None
        return
    assert found is not None
    assert found.text == left
    assert inserted(at_cursor(drawing), found) == "f = () => {\n  a();\n}\ny\n"


def test_and_with_what_the_hole_held_and_carriage_returns() -> None:
    found = rest(answer("f(‸)\r\n", "() => {\r\n  a();\r\n})", held=1), "f(() => {\r\n  ‸\r\n})\r\n")
    assert found is not None
    assert inserted(at_cursor("f(() => {\r\n  ‸\r\n})\r\n"), found) == "f(() => {\r\n  a();\r\n})\r\n"


def test_a_closer_that_no_typed_opener_explains_is_not_replaced() -> None:
    assert rest(answer("x = ‸\n", "f(a)"), "x = f‸)\n") is None


def test_undo_leads_back_to_it() -> None:
    made = answer("x = ‸\ny\n", "one")
    task = at_cursor("x = ‸\ny\n")
    assert task.document
    text = task.document.text
    wrong = text.replace(Span.at(0, 4), "zzz\n\n")
    undone = wrong.replace(Span(Position(0, 4), Position(2, 0)), "")
    assert undone == text
    assert made.frame == undone


def test_carriage_returns_are_part_of_what_is_typed() -> None:
    found = rest(answer("a\r\nif x:‸\r\nb\r\n", "\r\n    y\r\n    z"), "a\r\nif x:\r\n    y‸\r\nb\r\n")
    assert found is not None
    assert found.text == "\r\n    z"


@given(st.text(alphabet="ab(\n\"' é😀", min_size=1, max_size=12), st.integers(0, 12), st.integers(0, 3))
def test_inserting_the_rest_always_gives_what_the_model_wrote(text: str, typed: int, line: int) -> None:
    """Whatever is typed of it, wherever in a long document it stands."""
    lines = [f"line {number} 文\n" for number in range(CHUNK + 4)]
    place = Position(CHUNK - 2 + line, 3)
    document = at_cursor("".join(lines) + "‸").document
    assert document
    edit = TextEdit(uri=document.uri, version=1, span=Span(place, place), new_text=text)
    made = Answer.of(document, edit, task_id="one", model="p/m")
    wanted = document.text.replace(Span(place, place), text)
    start = document.text.offset(place)
    now = document.text.replace(Span(place, place), text[:typed])
    later = at_cursor(str(now)[: start + len(text[:typed])] + "‸" + str(now)[start + len(text[:typed]) :]).document
    assert later
    found = made.rest(later, now.position(start + len(text[:typed])))
    assert found is not None
    assert str(later.text.replace(found.span, found.text)) == str(wanted)


def test_it_holds_the_lines_but_not_the_joined_text_of_its_document() -> None:
    text = Text.of("a\n" * 1000)
    assert len(str(text)) == 2000
    document = at_cursor("a\n" * 1000 + "‸").document
    assert document
    edit = TextEdit(uri="u", version=1, span=Span.at(3, 0), new_text="x")
    made = Answer.of(document, edit, task_id="one", model="p/m")
    assert made.frame is not document.text
    assert made.frame == document.text
