"""Where the user edited last."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tierwise.core.document import Document

from .documents import Change

KEPT = 16
"""Places; as many edits back as Zed shows its models."""

NEAR = 8
"""Lines between two edits that make them one place, as in Zed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The lines ``first`` to ``last`` of a document, both included."""

    uri: str
    first: int
    last: int


class Places:
    """Follows the changes of all documents; give ``note`` to ``Documents.listen``."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def latest(self) -> tuple[Place, ...]:
        """Return the places, the one edited last first, in the lines of the documents as they are now."""
        return tuple(self._places)

    def note(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        """Take in what happened to a document; its lines below the change have moved."""
        if new is None:
            self._places = [place for place in self._places if old is None or place.uri != old.uri]
            return
        if old is None or change is None or change.span is None:
            return
        start, end = change.span.start.line, change.span.end.line
        added = change.new_text.count("\n")
        here = Place(uri=new.uri, first=start, last=start + added)
        moved = list(self._moved(new.uri, start, end, start + added - end))
        near = [place for place in moved if _touch(place, here)]
        here = replace(
            here,
            first=min([here.first, *(place.first for place in near)]),
            last=max([here.last, *(place.last for place in near)]),
        )
        self._places = [here, *(place for place in moved if place not in near)][:KEPT]

    def _moved(self, uri: str, start: int, end: int, by: int) -> Iterator[Place]:
        for place in self._places:
            if place.uri != uri or place.last < start:
                yield place
            elif place.first > end:
                yield replace(place, first=place.first + by, last=place.last + by)
            else:
                yield replace(place, first=min(place.first, start), last=max(place.last + by, start))


def _touch(place: Place, other: Place) -> bool:
    return place.uri == other.uri and place.first <= other.last + NEAR and place.last + NEAR >= other.first
