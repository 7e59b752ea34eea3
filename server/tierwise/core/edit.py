"""Changes to files, as values; the edge writes them in the protocol's words."""

from dataclasses import dataclass

from .text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """Replace a span of one version of a document; ``version`` None means the file as it is on disk."""

    uri: str
    version: int | None
    span: Span
    new_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFile:
    """A new file with its text."""

    uri: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameFile:
    """A file under a new name."""

    old_uri: str
    new_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile:
    """A file gone."""

    uri: str


Edit = TextEdit | CreateFile | RenameFile | DeleteFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reply cut to size: the text the user would see and the edits it stands for."""

    text: str
    edits: tuple[Edit, ...] = ()
