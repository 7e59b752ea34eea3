"""Edits meet a document that went on: they move along, or the user is told why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.text import Span, Text
from tierwise.edits.rebase import TouchedError, rebase
from tierwise.workspace.difference import differences, narrowed

pieces = st.sampled_from(["a", "b", "é", "😀", " ", "\n", "\r\n", "x = 1\n", "\r"])
texts = st.lists(pieces, max_size=20).map("".join)


def edit(text: Text, start: int, end: int, new: str) -> TextEdit:
    return TextEdit(uri="file:///a", version=1, span=Span(text.position(start), text.position(end)), new_text=new)


def later(text: str) -> Document:
    return Document(uri="file:///a", version=2, language="python", text=Text.of(text))


def moved(before: str, old: str, new: str, after: str) -> str:
    """Replace ``old`` in the text before by ``new``, move that to the text after, and return what comes of it."""
    text = Text.of(before)
    start = before.index(old)
    (found,) = rebase([edit(text, start, start + len(old), new)], text, later(after))
    assert found.version == 2
    return str(Text.of(after).replace(found.span, found.new_text))


def test_an_edit_moves_with_lines_put_above_and_below_it() -> None:
    assert moved("a\nb\nc\n", "b\n", "B\n", "0\na\nb\nc\nd\n") == "0\na\nB\nc\nd\n"


def test_text_put_directly_before_and_behind_it_stays() -> None:
    assert moved("f()\n", "f()", "g()", "x = f()\n") == "x = g()\n"
    assert moved("f()\n", "f()", "g()", "f() + 1\n") == "g() + 1\n"


def test_a_change_on_the_same_line_that_does_not_touch_it_is_kept() -> None:
    assert moved("one = f(a, b)\n", "b", "c", "two = f(a, b)\n") == "two = f(a, c)\n"


@pytest.mark.parametrize("after", ["a\nbb\nc\n", "a\nc\n", "a\nX\nc\n"])
def test_a_change_that_touches_it_is_refused_with_its_line(after: str) -> None:
    with pytest.raises(TouchedError, match="Line 2 "):
        moved("a\nb\nc\n", "b\nc\n" if after == "a\nbb\nc\n" else "b\n", "B\n", after)


def test_two_insertions_at_one_place_are_refused() -> None:
    text = Text.of("a\n")
    with pytest.raises(TouchedError):
        rebase([edit(text, 1, 1, "x")], text, later("ay\n"))


@given(texts, texts)
def test_differences_lead_from_one_version_to_the_other(before: str, after: str) -> None:
    for shrink in (False, True):
        text = Text.of(before)
        for found in reversed(differences(text, Text.of(after))):
            part = narrowed(found, Text.of(before)) if shrink else found
            text = text.replace(part.span, part.new_text)
        assert str(text) == after


@given(texts, texts, st.data())
def test_a_moved_edit_replaces_the_same_text_and_nothing_else(before: str, after: str, data: st.DataObject) -> None:
    old, new = Text.of(before), later(after)
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    made = edit(old, start, end, "NEW")
    try:
        (found,) = rebase([made], old, new)
    except TouchedError:
        return
    assert new.text.slice(found.span) == old.slice(made.span)
    first, last = new.text.offset(found.span.start), new.text.offset(found.span.end)
    assert str(new.text.replace(found.span, "NEW")) == after[:first] + "NEW" + after[last:]
