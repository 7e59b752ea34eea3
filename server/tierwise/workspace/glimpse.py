"""The syntax around a place, parsed from the lines near it only.

A tree of 50,000 lines takes a quarter of a second to build and ten milliseconds to follow one key; of some 300 lines it
takes two milliseconds and a fraction of one. The window begins at a line without indentation, where a grammar can
begin to understand; it moves in steps, so that most keys change the tree of the key before. The price is that a window
which begins inside a string of hundreds of lines takes its text for code.
"""

from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import LRUCache

from tierwise.core.document import Document
from tierwise.core.text import Position, Text

from .grammars import has_grammar, parse
from .syntax import Source

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

BEFORE, AFTER, STEP = 192, 64, 64
"""Lines; most functions are shorter than 192, and what encloses longer ones is told by indentation."""

_MOST = 48_000
"""Characters: of a window with longer lines (minified code) nothing is parsed."""

_KEPT = 8
"""Files whose tree is kept: as many as one person edits in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parsed:
    language: str
    data: bytes
    tree: "Tree"


_recent: LRUCache[tuple[str, int], _Parsed] = LRUCache(_KEPT)
_lock = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """A parsed window that begins at line ``first`` of its document."""

    first: int
    source: Source

    def node_at(self, position: Position) -> "Node":
        """Return the smallest node at a place of the document."""
        return self.source.node_at(Position(position.line - self.first, position.column))


def glimpse(document: Document, position: Position) -> Glimpse | None:
    """Parse around the place; None where the language has no grammar or the lines are too long to be anyone's code."""
    if not has_grammar(document.language):
        return None
    text = document.text
    first = _first(text, position.line)
    window = "".join(text.raw_lines(first, position.line + AFTER))
    if len(window) > _MOST:
        return None
    tree = _follow((document.uri, first), window.encode(), document.language)
    return Glimpse(first=first, source=Source(window, document.language, tree))


def _first(text: Text, line: int) -> int:
    first = max(0, line - BEFORE) // STEP * STEP
    if not first:
        return 0  # the text that a file begins with may stand in a string, with words at the margin
    for number, content in enumerate(text.raw_lines(first, line), first):
        if content[:1].isalpha() or content[:1] in "@_":
            return number
    return first


def _follow(key: tuple[str, int], data: bytes, language: str) -> "Tree":
    with _lock:
        known = _recent.get(key)
        if known is not None and known.language == language:
            tree = known.tree if known.data == data else _edited(known, data)
        else:
            tree = parse(data, language)
        _recent[key] = _Parsed(language=language, data=data, tree=tree)
    return tree


def _edited(known: _Parsed, data: bytes) -> "Tree":
    """Parse again what changed between the two texts: one stretch from the first difference to the last."""
    old = known.data
    start = _whole(data, _common(old, data))
    tail = _common(old[start:][::-1], data[start:][::-1])
    old_end, new_end = len(old) - tail, len(data) - tail
    while new_end < len(data) and _continues(data[new_end]):
        old_end, new_end = old_end + 1, new_end + 1
    tree = copy(known.tree)
    tree.edit(start, old_end, new_end, _point(data, start), _point(old, old_end), _point(data, new_end))
    return parse(data, known.language, tree)


def _common(left: bytes, right: bytes) -> int:
    """Return how many first bytes are the same, by comparing halves: slices compare at the speed of memory."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) >> 1
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _whole(data: bytes, at: int) -> int:
    """Return the nearest place before that does not cut a character in two."""
    while 0 < at < len(data) and _continues(data[at]):
        at -= 1
    return at


def _continues(byte: int) -> bool:
    return byte & 0xC0 == 0x80


def _point(data: bytes, at: int) -> tuple[int, int]:
    return data.count(b"\n", 0, at), at - data.rfind(b"\n", 0, at) - 1
