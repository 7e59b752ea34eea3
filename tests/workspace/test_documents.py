"""Open documents as snapshots, and who hears of their changes."""

import pytest

from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.documents import Change, Documents, UnknownDocumentError

URI = "file:///a.py"


def document(text: str, version: int = 1) -> Document:
    """Return a document."""
    return Document(uri=URI, version=version, language="python", text=Text.of(text))


def change(text: Text, span: Span, new: str) -> Change:
    """Return a change of the text."""
    return Change(span=span, new_text=new, text=text.replace(span, new))


def test_a_snapshot_does_not_see_later_changes() -> None:
    documents = Documents()
    documents.open(document("one"))
    before = documents.get(URI)
    assert before is not None
    after = documents.replace(URI, 2, change(before.text, Span.at(0, 3), "!"))
    assert (str(before.text), before.version) == ("one", 1)
    assert (str(after.text), after.version, after.language) == ("one!", 2, "python")
    assert documents.get(URI) is after


def test_listeners_hear_of_opening_changing_and_closing_with_what_changed() -> None:
    documents, heard = Documents(), list[tuple[Document | None, Document | None, Change | None]]()
    documents.listen(lambda old, new, change: heard.append((old, new, change)))
    first = document("one")
    documents.open(first)
    changed = change(first.text, Span(Position(0, 0), Position(0, 1)), "O")
    second = documents.replace(URI, 2, changed)
    documents.close(URI)
    assert heard == [(None, first, None), (first, second, changed), (second, None, None)]


def test_opening_again_replaces() -> None:
    documents = Documents()
    documents.open(document("one"))
    documents.open(document("two"))
    assert [str(each.text) for each in documents] == ["two"]
    assert len(documents) == 1


def test_what_is_not_open_cannot_change_or_close() -> None:
    documents = Documents()
    with pytest.raises(UnknownDocumentError):
        documents.replace(URI, 2, Change(span=None, new_text="", text=Text.of("")))
    with pytest.raises(UnknownDocumentError):
        documents.close(URI)
    assert documents.get(URI) is None
