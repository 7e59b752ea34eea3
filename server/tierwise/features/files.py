"""``workspace/didChangeWatchedFiles`` and ``textDocument/didSave``: what changes on disk."""

from typing import Any

from tierwise.lsp import Feature, Session
from tierwise.lsp.rpc import as_list, as_object

from .house import House

WATCHED = "**/*"
"""All files: which of them are read at all is decided where they are read, by rules that an editor does not know."""


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    files = Files(house)
    return Feature(
        name="files",
        notifications={
            "initialized": files.begin,
            "workspace/didChangeWatchedFiles": files.changed,
            "textDocument/didSave": files.saved,
        },
    )


class Files:
    """Passes on which files are not as they were."""

    def __init__(self, house: House) -> None:
        self._house = house

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Ask to hear of changes."""
        session.spawn(session.register("workspace/didChangeWatchedFiles", {"watchers": [{"globPattern": WATCHED}]}))

    def changed(self, session: Session, params: dict[str, Any]) -> None:
        """Pass on what changed."""
        for change in as_list(params.get("changes")):
            self._house.touched(str(as_object(change).get("uri", "")))

    def saved(self, session: Session, params: dict[str, Any]) -> None:
        """Pass on what was saved, for clients that watch no files."""
        self._house.touched(str(as_object(params.get("textDocument")).get("uri", "")))
