"""From edits to the user's files: moved to the newest version, annotated, kept in the journal, applied as one."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tierwise.core.document import Document
from tierwise.core.edit import CreateFile, Edit, RenameFile, TextEdit
from tierwise.core.task import Task
from tierwise.core.text import Text
from tierwise.core.uri import path_in
from tierwise.edits.rebase import TouchedError, rebase
from tierwise.lsp import Session
from tierwise.lsp.write import UnwritableError, workspace_edit
from tierwise.workspace.creation import UncreatableError
from tierwise.workspace.journal import Journal, Page, leaves_of

from . import making

ANNOTATION = "tierwise"


class UnlandableError(Exception):
    """The edits cannot be applied; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Edits for the files as they are now, the texts of those that are not open, and the edit as it is sent; ``own``
    are those that the server does on disk, because the editor cannot.
    """

    edits: tuple[Edit, ...]
    before: Mapping[str, Text]
    written: dict[str, Any]
    own: tuple[making.Own, ...] = ()


def prepare(session: Session, edits: Sequence[Edit], task: Task, label: str, *, makes_files: bool = False) -> Landing:
    """Move the edits to the files as they are now and write them; raises ``UnlandableError``.

    ``makes_files`` says that the server may make the new files that the editor cannot.
    """
    made_for = {document.uri: document for document in (task.document, *task.files) if document is not None}
    now = {uri: _as_it_is(session, document) for uri, document in made_for.items()}
    try:
        moved = _moved(edits, made_for, now)
        texts = {uri: document.text for uri, document in now.items()}
        own = making.left_to_us(session, moved, CreateFile) if makes_files else ()
        sent = [edit for edit in moved if edit not in own]
        written: dict[str, Any] = workspace_edit(sent, session.documents, texts, session.client, session.encoding)
    except (TouchedError, UnwritableError) as error:
        raise UnlandableError(str(error)) from None
    return Landing(edits=moved, before=texts, written=_annotated(written, session, label), own=own)


def keep(journal: Journal, landing: Landing, label: str) -> Page | None:
    """Write an edit of several files, or one that the editor cannot undo, into the journal; raises
    ``UnlandableError`` where that cannot be.
    """
    leaves = leaves_of(landing.edits, landing.before)
    if len(leaves) < 2 and not landing.own:
        return None
    try:
        return journal.write(label, leaves)
    except OSError as error:
        raise UnlandableError(f"Nothing was changed, because it could not be undone: {error}") from None


async def apply(session: Session, landing: Landing, label: str) -> str | None:
    """Do on disk what the editor cannot and have it apply the rest; return None when all is done, or a sentence that
    says why nothing is.
    """
    try:
        backs = await asyncio.to_thread(making.do, session, landing.own, landing.before)
    except UncreatableError as error:
        return str(error)
    refused = await _applied(session, landing, label) if len(landing.own) < len(landing.edits) else None
    if refused is not None:
        await asyncio.to_thread(making.undo, backs)
        return refused
    making.tell(session, landing.own)
    return None


async def _applied(session: Session, landing: Landing, label: str) -> str | None:
    from tierwise.lsp import RpcError

    try:
        answer = await session.request("workspace/applyEdit", {"label": label, "edit": landing.written})
    except RpcError as error:
        return f"The editor refused the edit (code {error.code})."
    result = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    if result.get("applied") is True:
        return None
    reason = result.get("failureReason")
    return f"The editor did not apply the edit: {reason}" if reason else "The editor did not apply the edit."


def files_of(edits: Iterable[Edit]) -> list[str]:
    """Return the URIs that the edits touch, in their order."""
    names = (edit.old_uri if isinstance(edit, RenameFile) else edit.uri for edit in edits)
    return list(dict.fromkeys(names))


def read(path: Path) -> Text | None:
    """Return a file's text in UTF-8, its mark at the start left out; None where there is none."""
    try:
        return Text.of(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None


def path_of(uri: str) -> Path:
    """Return the path of a ``file:`` URI."""
    return Path(path_in(uri))


def _as_it_is(session: Session, document: Document) -> Document:
    """Return the document as it is open now, else as it is on disk."""
    found = session.documents.get(document.uri)
    if found is not None:
        return found
    text = read(path_of(document.uri)) if document.uri.startswith("file:") else None
    if text is None:
        return document
    return Document(uri=document.uri, version=None, language=document.language, text=text)


def _moved(edits: Sequence[Edit], made_for: Mapping[str, Document], now: Mapping[str, Document]) -> tuple[Edit, ...]:
    by_file: dict[str, list[TextEdit]] = {}
    for edit in edits:
        if isinstance(edit, TextEdit):
            by_file.setdefault(edit.uri, []).append(edit)
    moved: dict[str, tuple[TextEdit, ...]] = {}
    for uri, wanted in by_file.items():
        before, after = made_for[uri], now[uri]
        same = before.version == after.version and before.text == after.text
        moved[uri] = tuple(wanted) if same else rebase(wanted, before.text, after)
    result: list[Edit] = []
    for edit in edits:
        if not isinstance(edit, TextEdit):
            result.append(edit)
        elif edit.uri in moved:
            result += moved.pop(edit.uri)
    return tuple(result)


def _annotated(written: dict[str, Any], session: Session, label: str) -> dict[str, Any]:
    """Let the user confirm an edit of several files, where the client can ask."""
    changes = cast("list[dict[str, Any]]", written.get("documentChanges") or [])
    files = {change.get("uri") or change.get("oldUri") or change["textDocument"]["uri"] for change in changes}
    if len(files) < 2 or not session.supports("workspace", "workspaceEdit", "changeAnnotationSupport"):
        return written
    for change in changes:
        for marked in change.get("edits", [change]):
            marked["annotationId"] = ANNOTATION
    annotation = {"label": label, "needsConfirmation": True, "description": f"{len(files)} files"}
    return {**written, "changeAnnotations": {ANNOTATION: annotation}}
