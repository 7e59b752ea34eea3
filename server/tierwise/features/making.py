"""New files for editors that can make none by an edit: the server writes them itself, and takes them away again."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tierwise.core.edit import CreateFile, DeleteFile, Edit
from tierwise.core.text import Text
from tierwise.core.uri import path_in
from tierwise.lsp import Session
from tierwise.lsp.session import Level
from tierwise.lsp.write import can
from tierwise.workspace.creation import UncreatableError, create, remove, standing

Own = CreateFile | DeleteFile
Back = Callable[[], object]


def left_to_us(session: Session, edits: Sequence[Edit], *kinds: type[Own]) -> tuple[Own, ...]:
    """Return the edits of these kinds that the editor cannot do."""
    return tuple(edit for edit in edits if isinstance(edit, kinds) and not can(session.client, type(edit)))


def do(session: Session, edits: Sequence[Own], before: Mapping[str, Text]) -> list[Back]:
    """Make and take away the files, all or none, and return what takes that back; raises ``UncreatableError``.

    ``before`` holds the texts of those to take away.
    """
    roots = _roots(session)
    backs: list[Back] = []
    try:
        for edit in edits:
            if isinstance(edit, CreateFile) and session.documents.get(edit.uri) is not None:
                raise UncreatableError(f"{_path(edit).name} is open in the editor and not saved yet: save it first.")
            backs.append(_one(edit, before, roots))
    except UncreatableError:
        undo(backs)
        raise
    return backs


def undo(backs: Sequence[Back]) -> None:
    """Take back what was done a moment ago; what somebody changed meanwhile stays."""
    for back in reversed(backs):
        with suppress(UncreatableError):
            back()


def tell(session: Session, edits: Sequence[Own]) -> None:
    """Tell the user what was done on disk, because the editor does not show it."""
    made = [_path(edit).name for edit in edits if isinstance(edit, CreateFile)]
    gone = [_path(edit).name for edit in edits if isinstance(edit, DeleteFile)]
    said = [f"{verb} {', '.join(names)}" for verb, names in (("made", made), ("deleted", gone)) if names]
    if said:
        session.show_message(f"Tierwise {' and '.join(said)} on disk: this editor cannot do that itself.", Level.INFO)


def _one(edit: Own, before: Mapping[str, Text], roots: Sequence[Path]) -> Back:
    path = _path(edit)
    if isinstance(edit, CreateFile):
        return partial(remove, create(path, edit.text, roots))
    text = str(before[edit.uri])
    remove(standing(path, text, roots))
    return partial(create, path, text, roots)


def _path(edit: Own) -> Path:
    return Path(path_in(edit.uri))


def _roots(session: Session) -> list[Path]:
    return [Path(os.path.realpath(path_in(root))) for root in session.roots if root.startswith("file:")]
