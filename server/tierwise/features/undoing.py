"""``tierwise.undo``: the files of the last edit of several files as they were, even after they were saved."""

from collections.abc import Mapping

from tierwise.core.document import Document
from tierwise.core.edit import CreateFile, DeleteFile, Edit, TextEdit
from tierwise.core.text import Text
from tierwise.edits.rebase import TouchedError, rebase
from tierwise.lsp import Session
from tierwise.lsp.write import UnwritableError, workspace_edit
from tierwise.workspace import grammars
from tierwise.workspace.difference import differences
from tierwise.workspace.journal import Journal, Leaf

from . import landing, making, work


async def undo(session: Session, journal: Journal) -> dict[str, object]:
    """Take the last edit back, all of it or nothing; raises ``work.UndoableError``.

    What the user changed elsewhere in the files since then stays.
    """
    while (page := journal.last()) is not None:
        now = {leaf.uri: _as_it_is(session, leaf.uri) for leaf in page.leaves}
        edits = [edit for leaf in page.leaves for edit in _back(leaf, now[leaf.uri])]
        if not edits:
            journal.strike(page)  # it never came about, or was undone in the editor
            continue
        texts = {uri: document.text for uri, document in now.items() if document is not None}
        refused = await _apply(session, edits, texts, f"Undo: {page.label}")
        if refused is not None:
            raise work.UndoableError(refused)
        journal.strike(page)
        return {"applied": True, "files": landing.files_of(edits), "label": page.label}
    raise work.UndoableError("There is no edit of several files to take back.")


async def _apply(session: Session, edits: list[Edit], texts: Mapping[str, Text], label: str) -> str | None:
    own = making.left_to_us(session, edits, CreateFile, DeleteFile)
    sent = [edit for edit in edits if edit not in own]
    try:
        written: dict[str, object] = workspace_edit(sent, session.documents, texts, session.client, session.encoding)
    except UnwritableError as error:
        return str(error)
    landed = landing.Landing(edits=tuple(edits), before=texts, written=written, own=own)
    return await landing.apply(session, landed, label)


def _back(leaf: Leaf, now: Document | None) -> list[Edit]:
    """Return the edits that make one file what it was; raises ``work.UndoableError`` where that would lose work."""
    current = None if now is None else str(now.text)
    if current == leaf.before:
        return []
    name = leaf.uri.rpartition("/")[2]
    if leaf.before is None:
        if current != leaf.after:
            raise work.UndoableError(f"{name} was made by the edit and changed since: it is not deleted.")
        return [DeleteFile(uri=leaf.uri)]
    if now is None:
        return [CreateFile(uri=leaf.uri, text=leaf.before)]
    if leaf.after is None:
        raise work.UndoableError(f"{name} was taken away by the edit and is there again: it is not replaced.")
    after = Text.of(leaf.after)
    reverse = [
        TextEdit(uri=leaf.uri, version=now.version, span=found.span, new_text=found.new_text)
        for found in differences(after, Text.of(leaf.before))
    ]
    try:
        return list(rebase(reverse, after, now))
    except TouchedError:
        raise work.UndoableError(f"{name} was changed since at the same place: nothing is taken back.") from None


def _as_it_is(session: Session, uri: str) -> Document | None:
    found = session.documents.get(uri)
    if found is not None:
        return found
    text = landing.read(landing.path_of(uri))
    return None if text is None else Document(uri=uri, version=None, language=grammars.language_of(uri), text=text)
