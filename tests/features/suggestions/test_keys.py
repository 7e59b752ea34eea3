"""From a change to the key and the place, also where an editor sends the whole text with every key."""

import pytest

from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.features.suggestions.keys import pressed
from tierwise.features.suggestions.rhythm import Key
from tierwise.workspace.documents import Change


def change(before: str, span: Span, inserted: str, *, whole: bool) -> tuple[Key | None, Position]:
    old = Document(uri="u", version=1, language="", text=Text.of(before))
    text = old.text.replace(span, inserted)
    if whole:
        return pressed(old, Change(span=None, new_text=str(text), text=Text.of(str(text))))
    return pressed(old, Change(span=span, new_text=inserted, text=text))


@pytest.mark.parametrize("whole", [False, True], ids=["the change", "the whole text"])
@pytest.mark.parametrize(
    ("span", "inserted", "key", "place"),
    [
        (Span.at(1, 2), "x", Key.WORD, Position(1, 3)),
        (Span.at(1, 2), "(", Key.CALL, Position(1, 3)),
        (Span.at(1, 2), "\n    ", Key.LINE, Position(2, 4)),
        (Span.at(1, 2), "()", Key.CALL, Position(1, 3)),
        (Span.at(1, 2), '""', Key.CLOSE, Position(1, 3)),
        (Span.at(1, 2), "\n    \n", Key.LINE, Position(2, 4)),
        (Span.at(1, 1), "\r\n\t\r\n", Key.LINE, Position(2, 1)),
        (Span(Position(1, 1), Position(1, 2)), "", Key.ERASE, Position(1, 1)),
        (Span(Position(0, 0), Position(1, 2)), "pasted text\n", None, Position(1, 0)),
        (Span.at(1, 0), "😀", Key.OTHER, Position(1, 1)),
    ],
)
def test_what_was_typed_and_where(span: Span, inserted: str, key: Key | None, place: Position, whole: bool) -> None:
    assert change("ab\ncd\nef", span, inserted, whole=whole) == (key, place)
