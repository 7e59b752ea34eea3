"""Core's edits as a ``WorkspaceEdit``, for clients of every ability."""

from typing import Any

import pytest

from tierwise.core.document import Document
from tierwise.core.edit import CreateFile, DeleteFile, RenameFile, TextEdit
from tierwise.core.text import Position, Span, Text
from tierwise.lsp.positions import Encoding
from tierwise.lsp.write import UnwritableError, workspace_edit
from tierwise.workspace.documents import Documents

OPEN, CLOSED = "file:///open.py", "file:///closed.py"
FULL = {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}}}


def documents() -> Documents:
    """Return one open document."""
    made = Documents()
    made.open(Document(uri=OPEN, version=3, language="python", text=Text.of("a😀b\nsecond\n")))
    return made


def edit(uri: str = OPEN, version: int | None = 3, column: int = 2, text: str = "X") -> TextEdit:
    """Insert at a column of the first line."""
    return TextEdit(uri=uri, version=version, span=Span.at(0, column), new_text=text)


def inserted(character: int, text: str = "X") -> dict[str, Any]:
    """Return the insertion in the protocol's words."""
    place = {"line": 0, "character": character}
    return {"range": {"start": place, "end": place}, "newText": text}


def write(edits: list[Any], client: dict[str, Any] = FULL, encoding: Encoding = Encoding.UTF16) -> dict[str, object]:
    """Write edits; the closed file's text is known."""
    return workspace_edit(edits, documents(), {CLOSED: Text.of("é\n")}, client, encoding)


@pytest.mark.parametrize(("encoding", "character"), [(Encoding.UTF8, 5), (Encoding.UTF16, 3), (Encoding.UTF32, 2)])
def test_edits_carry_the_version_and_the_negotiated_units(encoding: Encoding, character: int) -> None:
    change = {"textDocument": {"uri": OPEN, "version": 3}, "edits": [inserted(character)]}
    assert write([edit()], encoding=encoding) == {"documentChanges": [change]}


def test_a_client_without_versions_gets_plain_changes() -> None:
    plain = write([edit(), edit(column=0, text="Y")], client={})
    assert plain == {"changes": {OPEN: [inserted(3), inserted(0, "Y")]}}


def test_edits_of_one_file_are_one_change_and_files_stay_in_order() -> None:
    other = edit(uri=CLOSED, version=None, column=1)
    changes = write([edit(), edit(column=0), other])["documentChanges"]
    assert [(each["textDocument"]["uri"], each["textDocument"]["version"]) for each in changes] == [  # pyright: ignore
        (OPEN, 3),
        (CLOSED, None),
    ]


def test_files_are_created_with_their_text_renamed_and_deleted() -> None:
    edits = [
        CreateFile(uri="file:///new", text="text"),
        RenameFile(old_uri="file:///a", new_uri="file:///b"),
        DeleteFile(uri="file:///c"),
    ]
    assert write(edits)["documentChanges"] == [
        {"kind": "create", "uri": "file:///new"},
        {"textDocument": {"uri": "file:///new", "version": None}, "edits": [inserted(0, "text")]},
        {"kind": "rename", "oldUri": "file:///a", "newUri": "file:///b"},
        {"kind": "delete", "uri": "file:///c"},
    ]


def test_a_client_that_cannot_create_files_is_told_so_in_a_sentence() -> None:
    with pytest.raises(UnwritableError, match=r"^This editor cannot create files\.$"):
        write([CreateFile(uri="file:///new", text="")], client={})


@pytest.mark.parametrize("stale", [edit(version=2), edit(version=None), edit(uri=CLOSED, version=1)])
def test_an_edit_for_another_version_is_refused(stale: TextEdit) -> None:
    with pytest.raises(UnwritableError, match="has changed"):
        write([stale])


def test_a_span_past_the_end_is_clamped() -> None:
    far = TextEdit(uri=OPEN, version=3, span=Span(Position(0, 0), Position(99, 0)), new_text="")
    assert write([far], client={})["changes"] == {
        OPEN: [{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}, "newText": ""}]
    }
