"""Which files an answer may touch."""

from pathlib import Path, PurePosixPath

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.uri import path_in
from tierwise.workspace.ignore import Gate

from . import MalformedError


class Reach:
    """The files a task brought, by the paths models know them by, and the workspace root new ones may lie in."""

    def __init__(self, task: Task) -> None:
        self._root = str(task.facts.get("root", ""))
        self._main = task.document
        documents = [*([task.document] if task.document else []), *task.files]
        self.documents: dict[str, Document] = {document.uri: document for document in documents}

    def find(self, path: str) -> Document:
        """Return the file that the answer means by a path; an empty path means the task's own document.

        Raises ``MalformedError`` where it was not part of the request.
        """
        if not path and self._main is not None:
            return self._main
        wanted = PurePosixPath(path.removeprefix("./"))
        fitting = [document for document in self.documents.values() if self._is(document, wanted)]
        if len(fitting) == 1:
            self._admit(fitting[0].uri, path)
            return fitting[0]
        if fitting:
            raise MalformedError(f"{path} may mean several files: write its path from the workspace's root")
        known = ", ".join(self.path_of(document.uri) for document in self.documents.values())
        raise MalformedError(f"{path} was not part of the request; its files are: {known}")

    def place(self, path: str) -> str:
        """Return the URI of a new file; raises ``MalformedError`` where none may be or one is."""
        if not self._root:
            raise MalformedError("no file can be made: no workspace folder is open")
        place = Path(self._root) / path.removeprefix("./")
        uri = place.as_uri() if place.is_absolute() else ""
        if not uri or ".." in place.parts:
            raise MalformedError(f"{path} lies outside the workspace")
        if uri in self.documents or place.exists():
            raise MalformedError(f"{path} exists already: change it with SEARCH and REPLACE")
        self._admit(uri, path)
        return uri

    def path_of(self, uri: str) -> str:
        """Return the path from the workspace's root, or the bare name of a file that is in none."""
        full = path_in(uri)
        root = self._root.rstrip("/") + "/"
        return full.removeprefix(root) if self._root and full.startswith(root) else PurePosixPath(full).name

    def _is(self, document: Document, wanted: PurePosixPath) -> bool:
        full = path_in(document.uri)
        if str(wanted) == full or str(wanted) == self.path_of(document.uri):
            return True
        own = PurePosixPath(full).parts
        exact = any(self.path_of(other) == str(wanted) for other in self.documents)
        return not exact and own[-len(wanted.parts) :] == wanted.parts

    def _admit(self, uri: str, path: str) -> None:
        """Let the document that the user has in front of them pass, and of all others what may be read at all."""
        if self._main is not None and uri == self._main.uri:
            return
        if not uri.startswith("file:") or not self._root:
            return
        if not Gate((Path(self._root),)).admits(Path(path_in(uri))):
            raise MalformedError(
                f"{path} may not be touched: it is ignored, holds secrets or lies outside the workspace"
            )
