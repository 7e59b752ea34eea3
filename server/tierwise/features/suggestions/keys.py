"""From a change of a document to the key that made it and the place where the cursor was left."""

import re

from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.documents import Change

from .rhythm import BOTH, Key, key_of


def pressed(old: Document, change: Change) -> tuple[Key | None, Position]:
    """Return the key that made the change, if a single one did, and the place where it left the cursor."""
    span, inserted = (change.span, change.new_text) if change.span is not None else _difference(old.text, change.text)
    return key_of(inserted, "" if span.is_empty else old.text.slice(span)), span.start.behind(_typed(inserted))


def _typed(inserted: str) -> str:
    """Return what stands before the cursor of what a key has inserted: the rest is what the editor closes with it."""
    if inserted in BOTH:
        return inserted[0]
    between = _BETWEEN.fullmatch(inserted)
    return between[1] if between else inserted


_BETWEEN = re.compile(r"(\r?\n[ \t]*)\r?\n[ \t]*")
"""A line end between two brackets: most editors put a line between them, indented, and the cursor on it."""


def _difference(old: Text, new: Text) -> tuple[Span, str]:
    """Return the one stretch in which two texts differ, for editors that send the whole text with every key."""
    before, now = str(old), str(new)
    if before == now:
        return Span(old.end, old.end), ""
    start = _common(before, now)
    tail = _common(before[start:][::-1], now[start:][::-1])
    if start + tail == len(before) and now[start - 1 : start] == "\n" and now[len(now) - tail - 1] == "\n":
        # Of two line ends the first is the new one: a key inserts a line end and, behind it, the indentation.
        start, tail = start - 1, tail + 1
    return Span(old.position(start), old.position(len(before) - tail)), now[start : len(now) - tail]


def _common(left: str, right: str) -> int:
    """Return how many first characters are the same, by halves: slices are compared at the speed of memory."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
