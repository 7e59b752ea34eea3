"""Which units a workspace has: its files through the gate, those that nobody wrote left out and counted."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.text import Text
from tierwise.core.uri import path_in
from tierwise.workspace.grammars import language_of
from tierwise.workspace.ignore import LARGEST, Gate, source_text

from .units import Unit, is_code, units_of

VENDORED = frozenset({"vendor", "vendored", "third_party", "third-party", "thirdparty", "external", "bower_components",
                      "site-packages", "dist", "build", "out", "target"})  # fmt: skip
"""Folders of code that was written elsewhere or made from what is here."""


class Skipped(StrEnum):
    """Why a file is not looked at."""

    NO_CODE = "no code"
    VENDORED = "vendored or built"
    LARGE = "too large"
    NOT_WRITTEN = "generated, minified or binary"
    UNREADABLE = "unreadable"


@dataclass(slots=True)
class Survey:
    """Counts what is skipped while it yields the documents; ``opened`` are the editor's, by URI, preferred to the disk.

    Ignored files and secrets never come this far: the gate does not name them.
    """

    gate: Gate
    opened: Mapping[str, Document] = field(default_factory=dict[str, Document])
    skipped: Counter[Skipped] = field(default_factory=Counter[Skipped])
    pause: Callable[[], None] = lambda: None
    """Called between two files, by who lets others go first."""

    def documents(self, paths: Iterable[Path] | None = None) -> Iterator[Document]:
        """Yield the documents of the paths (all of the workspace's without any) one at a time; for threads."""
        for path in self.gate.walk() if paths is None else paths:
            self.pause()
            document = self.document(path)
            if document is not None:
                yield document

    def document(self, path: Path) -> Document | None:
        """Return one file if it is code that somebody wrote, else count why not."""
        language = language_of(path.name)
        if not is_code(language):
            return self._skip(Skipped.NO_CODE)
        if self._is_vendored(path):
            return self._skip(Skipped.VENDORED)
        opened = self.opened.get(path.as_uri())
        if opened is not None:
            return opened
        try:
            large = path.stat().st_size > LARGEST
            data = b"" if large else path.read_bytes()
        except OSError:
            return self._skip(Skipped.UNREADABLE)
        if large:
            return self._skip(Skipped.LARGE)
        text = source_text(data)
        if text is None:
            return self._skip(Skipped.NOT_WRITTEN)
        return Document(uri=path.as_uri(), version=None, language=language, text=Text.of(text))

    def units(self, paths: Iterable[Path] | None = None) -> Iterator[tuple[Document, tuple[Unit, ...]]]:
        """Yield each document with its units; one document is in memory at a time."""
        for document in self.documents(paths):
            yield document, units_of(document)

    def _is_vendored(self, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        root = next((root for root in self.gate.roots if real.is_relative_to(root)), None)
        parts = real.relative_to(root).parts[:-1] if root else ()
        return not VENDORED.isdisjoint(part.lower() for part in parts)

    def _skip(self, why: Skipped) -> None:
        self.skipped[why] += 1


def path_of(uri: str) -> Path:
    """Return the path of a ``file:`` URI."""
    return Path(path_in(uri))


Read = Callable[[str], Document | None]
"""Takes a URI, returns the document as it is now or None where it is gone or may not be read."""
