"""The workspace as a request finds it: frozen, so that sources may look at it from threads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.uri import file_in
from tierwise.workspace.places import Place

if TYPE_CHECKING:
    from tierwise.workspace.usage import Found


class Reader(Protocol):
    """Decides which files may be read at all, and reads them; ``workspace.ignore.Gate`` is one."""

    def admits(self, path: Path) -> bool:
        """Return whether the file may be read by its name and place."""
        ...

    def read(self, path: Path) -> str | None:
        """Return the file's text, or None where it is not source text or cannot be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """``open`` are the editor's documents, the one shown last first; ``recent`` the places edited, the latest first;
    ``diagnostics`` those of all documents; ``roots`` the folders of the workspace. ``saved`` counts the files saved so
    far: what was read from the disk is read again when it has grown. ``definitions`` looks a name up in the
    workspace's index and must bear being called from a thread; without it only open documents are searched.
    """

    reader: Reader
    open: tuple[Document, ...] = ()
    recent: tuple[Place, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    roots: tuple[Path, ...] = ()
    saved: int = 0
    definitions: Callable[[str], "Sequence[Found]"] | None = None

    def others(self, uri: str) -> list[Document]:
        """Return the open documents that may be read, without the one of that URI."""
        return [document for document in self.open if document.uri != uri and self.admits(document.uri)]

    def admits(self, uri: str) -> bool:
        """Return whether the file behind a URI may be read."""
        path = path_of(uri)
        return path is not None and self.reader.admits(path)

    def document(self, uri: str) -> Document | None:
        """Return the open document of that URI."""
        return next((document for document in self.open if document.uri == uri), None)

    def name(self, uri: str) -> str:
        """Return the path below its root, as a reader knows the file."""
        path = path_of(uri)
        if path is None:
            return uri
        root = next((root for root in self.roots if path.is_relative_to(root)), None)
        return path.relative_to(root).as_posix() if root is not None else path.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Whole lines of a file, their ends ``\\n``, from line ``first`` on; -1 where they stand so in no file.

    ``anchor`` is then the line they tell of, if it is one: an excerpt that shows the line itself says it better.
    """

    uri: str
    first: int
    text: str
    score: float
    source: str
    anchor: int = -1

    @property
    def stop(self) -> int:
        """The line after the last one."""
        return self.first + self.text.count("\n") + (not self.text.endswith("\n"))


def path_of(uri: str) -> Path | None:
    """Return the file that a document is or, as a cell of a notebook, is a part of; None for what is in no file."""
    path = file_in(uri)
    if not path:
        return None
    # Windows: file:///C:/x has the path /C:/x.
    return Path(path[1:] if path[2:3] == ":" else path)
