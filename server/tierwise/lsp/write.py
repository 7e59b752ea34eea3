"""Core's edits in the protocol's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from tierwise.core.edit import CreateFile, DeleteFile, Edit, RenameFile, TextEdit
from tierwise.core.text import Text
from tierwise.workspace.documents import Documents

from .positions import Encoding, write_span
from .rpc import as_list, as_object


class UnwritableError(Exception):
    """These edits cannot be given to this editor; the message is a sentence for the user."""


def workspace_edit(
    edits: Sequence[Edit],
    documents: Documents,
    texts: Mapping[str, Text],
    client: Mapping[str, Any],
    encoding: Encoding,
) -> dict[str, object]:
    """Return a ``WorkspaceEdit``: versioned where the client can check versions, plain where it cannot.

    ``texts`` holds the text of edited files that are not open. Raises ``KeyError`` where one is missing there,
    ``UnwritableError`` where an edit was made for another version than the one that is open and where the client cannot
    create, rename or delete files as needed.
    """
    for edit in edits:
        _check_version(edit, documents)
    needed = {_KINDS[type(edit)] for edit in edits if not isinstance(edit, TextEdit)}
    abilities = _abilities(client)
    missing = {_KINDS[type(edit)] for edit in edits if not isinstance(edit, TextEdit) and not can(client, type(edit))}
    if missing:
        raise UnwritableError(f"This editor cannot {' or '.join(sorted(missing))} files.")
    if needed or abilities.get("documentChanges"):
        return {"documentChanges": _document_changes(edits, documents, texts, encoding)}
    changes: dict[str, list[dict[str, object]]] = {}
    for edit in edits:
        if isinstance(edit, TextEdit):
            changes.setdefault(edit.uri, []).append(_text_edit(edit, documents, texts, encoding))
    return {"changes": changes}


def can(client: Mapping[str, Any], kind: type[Edit]) -> bool:
    """Whether the client can create, rename or delete files, as the kind of edit says."""
    return _KINDS[kind] in as_list(_abilities(client).get("resourceOperations"))


_KINDS: dict[type[Edit], str] = {CreateFile: "create", RenameFile: "rename", DeleteFile: "delete"}


def _document_changes(
    edits: Sequence[Edit], documents: Documents, texts: Mapping[str, Text], encoding: Encoding
) -> list[dict[str, object]]:
    """Return the changes in order; neighbouring edits of one file go into one change, which applies them together."""
    changes: list[dict[str, object]] = []
    group: tuple[str, list[dict[str, object]]] | None = None
    for edit in edits:
        if not isinstance(edit, TextEdit):
            group = None
            changes += _file_change(edit)
            continue
        if group is None or group[0] != edit.uri:
            group = (edit.uri, [])
            changes.append(_versioned(edit.uri, edit.version, group[1]))
        group[1].append(_text_edit(edit, documents, texts, encoding))
    return changes


def _file_change(edit: CreateFile | RenameFile | DeleteFile) -> list[dict[str, object]]:
    match edit:
        case CreateFile():
            start = {"line": 0, "character": 0}
            insertion: dict[str, object] = {"range": {"start": start, "end": start}, "newText": edit.text}
            return [{"kind": "create", "uri": edit.uri}, _versioned(edit.uri, None, [insertion])]
        case RenameFile():
            return [{"kind": "rename", "oldUri": edit.old_uri, "newUri": edit.new_uri}]
        case DeleteFile():
            return [{"kind": "delete", "uri": edit.uri}]


def _versioned(uri: str, version: int | None, edits: list[dict[str, object]]) -> dict[str, object]:
    return {"textDocument": {"uri": uri, "version": version}, "edits": edits}


def _text_edit(
    edit: TextEdit, documents: Documents, texts: Mapping[str, Text], encoding: Encoding
) -> dict[str, object]:
    document = documents.get(edit.uri)
    text = document.text if document else texts[edit.uri]
    return {"range": write_span(edit.span, text, encoding), "newText": edit.new_text}


def _check_version(edit: Edit, documents: Documents) -> None:
    if not isinstance(edit, TextEdit):
        return
    document = documents.get(edit.uri)
    if (document.version if document else None) != edit.version:
        raise UnwritableError("The file has changed since the edit was made for it; ask again.")


def _abilities(client: Mapping[str, Any]) -> Mapping[str, Any]:
    return as_object(as_object(client.get("workspace")).get("workspaceEdit"))
