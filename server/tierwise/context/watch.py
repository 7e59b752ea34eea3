"""What one client's documents tell over time, as the scene of each request: not a source, but what sources look at."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.workspace.documents import Change, Documents
from tierwise.workspace.places import Places
from tierwise.workspace.problems import Problems

from .scene import Reader, Scene

if TYPE_CHECKING:
    from tierwise.workspace.usage import Found


class Watch:
    """Follows documents from when it is made; ``definitions`` must bear being called from a thread."""

    def __init__(
        self,
        documents: Documents,
        reader: Reader,
        roots: Sequence[Path] = (),
        *,
        problems: Problems | None = None,
        definitions: "Callable[[str], Sequence[Found]] | None" = None,
    ) -> None:
        self._documents = documents
        self._reader, self._roots, self._definitions = reader, tuple(roots), definitions
        self._places = Places()
        self._order: dict[str, None] = dict.fromkeys(document.uri for document in documents)
        self._problems = problems or Problems()
        self._saved = 0
        documents.listen(self._note)

    def focus(self, uri: str) -> None:
        """Note that the user looks at a document; opening and changing it says so too."""
        self._order.pop(uri, None)
        self._order[uri] = None

    def saved(self) -> None:
        """Note that a file on the disk has changed: what was read from there is read again."""
        self._saved += 1

    def scene(self) -> Scene:
        """Return everything as it is now."""
        found = (self._documents.get(uri) for uri in reversed(self._order))
        return Scene(
            reader=self._reader,
            open=tuple(document for document in found if document is not None),
            recent=self._places.latest(),
            diagnostics=self._problems.all(),
            roots=self._roots,
            saved=self._saved,
            definitions=self._definitions,
        )

    def _note(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        self._places.note(old, new, change)
        if new is not None:
            self.focus(new.uri)
        elif old is not None:
            self._order.pop(old.uri, None)
