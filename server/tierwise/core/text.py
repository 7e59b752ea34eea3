"""The text of a document as immutable lines that share what an edit leaves alone.

Positions count lines from 0 and columns in Unicode code points, as Python's strings do; other encodings are
converted at the edge. A line ends at ``\\n``, ``\\r\\n`` or a lone ``\\r`` and nowhere else, as the language
server protocol says (``str.splitlines`` would also split at form feeds and others).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import eq
from typing import Self

CHUNK = 256
"""Lines a chunk holds when built. An edit copies one chunk and the list of chunks: at 50,000 lines both are short."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")

_ENDS_ELSEWHERE = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Where ``str.splitlines`` sees the end of a line and the protocol does not."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between two characters: line and column, both from 0, the column in code points."""

    line: int
    column: int

    def behind(self, inserted: str) -> "Position":
        """Return the place behind a text that was inserted here."""
        lines = split_lines(inserted)
        return Position(self.line + len(lines) - 1, len(lines[-1]) + (self.column if len(lines) == 1 else 0))


@dataclass(frozen=True, slots=True)
class Span:
    """The text from ``start`` up to ``end``; a cursor is an empty span."""

    start: Position
    end: Position

    @classmethod
    def at(cls, line: int, column: int) -> Self:
        """Return the empty span at one place."""
        place = Position(line, column)
        return cls(place, place)

    @property
    def is_empty(self) -> bool:
        """Whether the span is a mere cursor."""
        return self.start == self.end


def split_lines(text: str) -> list[str]:
    """Split into lines that keep their ends; the last one has none and may be empty."""
    rare = any(end in text for end in _ENDS_ELSEWHERE)
    lines = _LINE.findall(text) if rare else text.splitlines(keepends=True)
    if not lines or lines[-1][-1] in "\r\n":
        lines.append("")
    return lines


class Text:
    """Immutable lines in chunks; ``replace`` returns a new text in time independent of the document's length."""

    __slots__ = ("_chunks", "_firsts", "_joined", "_sizes")

    def __init__(self, chunks: tuple[tuple[str, ...], ...], firsts: list[int] | None = None) -> None:
        self._chunks = chunks
        self._firsts = firsts or list(accumulate(map(len, chunks), initial=0))
        """The number of each chunk's first line, and behind them the number of lines."""
        self._sizes: list[int] | None = None
        """How many characters each chunk has, once somebody asked for an offset."""
        self._joined: str | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Build from a plain string."""
        made = cls(_chunked(split_lines(text)))
        made._joined = text
        return made

    def __str__(self) -> str:
        if self._joined is None:
            self._joined = "".join(chain.from_iterable(self._chunks))
        return self._joined

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text):
            return False
        if self is other:
            return True
        return self.line_count == other.line_count and _same_lines(self._chunks, other._chunks)

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return f"Text({self.line_count} lines)"

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty document has one."""
        return self._firsts[-1]

    def raw_line(self, number: int) -> str:
        """Return the line with its end."""
        index, row = self._place(number)
        return self._chunks[index][row]

    def line(self, number: int) -> str:
        """Return the line without its end."""
        return self.raw_line(number).rstrip("\r\n")

    def raw_lines(self, start: int = 0, stop: int | None = None) -> Iterator[str]:
        """Yield the lines ``start`` up to ``stop`` with their ends."""
        stop = self.line_count if stop is None else min(stop, self.line_count)
        start = max(start, 0)
        while start < stop:
            index = bisect_right(self._firsts, start) - 1
            chunk, first = self._chunks[index], self._firsts[index]
            yield from chunk[start - first : stop - first]
            start = first + len(chunk)

    @property
    def end(self) -> Position:
        """The place after the last character."""
        last = self.line_count - 1
        return Position(last, len(self.raw_line(last)))

    def clamp(self, position: Position) -> Position:
        """Return the nearest place that exists: past a line's text its end, past the last line the end of all."""
        if position.line < 0:
            return Position(0, 0)
        if position.line >= self.line_count:
            return self.end
        return Position(position.line, max(0, min(position.column, len(self.line(position.line)))))

    def slice(self, span: Span) -> str:
        """Return the text inside the span; both its ends are clamped."""
        start, end = self.clamp(span.start), self.clamp(span.end)
        if end <= start:
            return ""
        if start.line == end.line:
            return self.raw_line(start.line)[start.column : end.column]
        lines = list(self.raw_lines(start.line, end.line + 1))
        lines[0], lines[-1] = lines[0][start.column :], lines[-1][: end.column]
        return "".join(lines)

    def before(self, position: Position, limit: int) -> str:
        """Return up to ``limit`` characters before the place, without joining the rest of the document."""
        position = self.clamp(position)
        index, row = self._place(position.line)
        parts = [self._chunks[index][row][: position.column], "".join(self._chunks[index][:row])]
        length = len(parts[0]) + len(parts[1])
        while index > 0 and length < limit:
            index -= 1
            parts.append("".join(self._chunks[index]))
            length += len(parts[-1])
        return "".join(reversed(parts))[max(0, length - max(0, limit)) :]

    def after(self, position: Position, limit: int) -> str:
        """Return up to ``limit`` characters after the place."""
        position = self.clamp(position)
        index, row = self._place(position.line)
        parts = [self._chunks[index][row][position.column :], *self._chunks[index][row + 1 :]]
        length = sum(map(len, parts))
        while index + 1 < len(self._chunks) and length < limit:
            index += 1
            parts.append("".join(self._chunks[index]))
            length += len(parts[-1])
        return "".join(parts)[: max(0, limit)]

    def offset(self, position: Position) -> int:
        """Return how many characters stand before the place."""
        position = self.clamp(position)
        index, row = self._place(position.line)
        return sum(self._measured()[:index]) + sum(map(len, self._chunks[index][:row])) + position.column

    def position(self, offset: int) -> Position:
        """Return the place ``offset`` characters into the text."""
        offset = max(offset, 0)
        for index, size in enumerate(self._measured()):
            if offset >= size:
                offset -= size
                continue
            for number, line in enumerate(self._chunks[index], self._firsts[index]):
                if offset < len(line):
                    return Position(number, min(offset, len(line.rstrip("\r\n"))))
                offset -= len(line)
        return self.end

    def replace(self, span: Span, new: str) -> "Text":
        """Return the text with the span replaced; both its ends are clamped."""
        start, end = self.clamp(span.start), self.clamp(span.end)
        end = max(start, end)
        first, stop = start.line, end.line + 1
        region = self.raw_line(first)[: start.column] + new + self.raw_line(end.line)[end.column :]
        # A line end may grow out of two halves: a lone "\r" before the edit and a "\n" that the edit brings to it.
        if first > 0 and region.startswith("\n") and self.raw_line(first - 1).endswith("\r"):
            first -= 1
            region = self.raw_line(first) + region
        lines = split_lines(region)
        if stop < self.line_count:
            lines.pop()  # the region ended with a line end, so the empty rest belongs to the line that follows
        return self._with_lines(first, stop, lines)

    def _with_lines(self, first: int, stop: int, lines: Sequence[str]) -> "Text":
        left = bisect_right(self._firsts, first) - 1
        right = bisect_right(self._firsts, stop - 1) - 1
        head = self._chunks[left][: first - self._firsts[left]]
        tail = self._chunks[right][stop - self._firsts[right] :]
        middle = (*head, *lines, *tail)
        new = (middle,) if len(middle) <= 2 * CHUNK else _chunked(middle)
        same = left == right and len(lines) == stop - first
        text = Text((*self._chunks[:left], *new, *self._chunks[right + 1 :]), self._firsts if same else None)
        if self._sizes is not None:
            text._sizes = [*self._sizes[:left], *map(_size, new), *self._sizes[right + 1 :]]
        return text

    def _place(self, number: int) -> tuple[int, int]:
        """Return the line's chunk and its row in there; raises ``IndexError`` past either end."""
        if not 0 <= number < self._firsts[-1]:
            raise IndexError(f"there is no line {number} in {self._firsts[-1]}")
        index = bisect_right(self._firsts, number) - 1
        return index, number - self._firsts[index]

    def _measured(self) -> list[int]:
        if self._sizes is None:
            self._sizes = [_size(chunk) for chunk in self._chunks]
        return self._sizes


def _same_lines(left: Sequence[tuple[str, ...]], right: Sequence[tuple[str, ...]]) -> bool:
    """Compare without joining: versions of one document share most of their chunks, and what is shared is equal."""
    first = 0
    while first < min(len(left), len(right)) and (left[first] is right[first] or left[first] == right[first]):
        first += 1
    last = 0
    while last < min(len(left), len(right)) - first and left[-1 - last] is right[-1 - last]:
        last += 1
    middles = (chunks[first : len(chunks) - last] for chunks in (left, right))
    return all(map(eq, *(chain.from_iterable(middle) for middle in middles)))


def _size(chunk: Sequence[str]) -> int:
    return sum(map(len, chunk))


def _chunked(lines: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(lines[at : at + CHUNK]) for at in range(0, len(lines), CHUNK))
