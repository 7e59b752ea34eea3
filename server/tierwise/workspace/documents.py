"""The files that are open in the editor, as it has them.

Knows nothing of the protocol: spans are core's, already in code points of the version they change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tierwise.core.document import Document
from tierwise.core.text import Span, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``new_text`` in the place of ``span``, or of everything where that is None; ``text`` is what came of it."""

    span: Span | None
    new_text: str
    text: Text


Listener = Callable[[Document | None, Document | None, Change | None], None]
"""Takes the document before, the document after, and the change that lies between.

An opened document has none before, a closed one none after; neither is a change.
"""


class UnknownDocumentError(LookupError):
    """The editor has not opened this document."""


class Documents:
    """Open documents by URI, each an immutable snapshot that a later change does not touch."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self._listeners: list[Listener] = []

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def get(self, uri: str) -> Document | None:
        """Return the document as it is now, or None where it is not open."""
        return self._open.get(uri)

    def listen(self, listener: Listener) -> None:
        """Call the listener after every opening, change and closing, while the editor waits: it must be quick."""
        self._listeners.append(listener)

    def open(self, document: Document) -> None:
        """Take a document; one that was open already is replaced."""
        old = self._open.get(document.uri)
        self._open[document.uri] = document
        self._tell(old, document, None)

    def replace(self, uri: str, version: int | None, change: Change) -> Document:
        """Take a change that was made to the newest version, and return the next; raises ``UnknownDocumentError``."""
        old = self._open.get(uri)
        if old is None:
            raise UnknownDocumentError(uri)
        new = Document(uri=uri, version=version, language=old.language, text=change.text)
        self._open[uri] = new
        self._tell(old, new, change)
        return new

    def close(self, uri: str) -> None:
        """Forget a document; raises ``UnknownDocumentError``."""
        old = self._open.pop(uri, None)
        if old is None:
            raise UnknownDocumentError(uri)
        self._tell(old, None, None)

    def _tell(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        for listener in self._listeners:
            listener(old, new, change)
