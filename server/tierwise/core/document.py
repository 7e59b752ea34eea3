"""One version of one file."""

from dataclasses import dataclass

from .text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A snapshot of a file: ``version`` is the editor's, or None for a file read from disk."""

    uri: str
    version: int | None
    language: str
    text: Text
