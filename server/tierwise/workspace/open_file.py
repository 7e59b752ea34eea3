"""The file under the cursor as a row of tokens that follows every edit at the cost of the lines it changed."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tierwise.core.text import Text

from .tokens import BLANK, DEEPER, FILE, SAME, SHALLOWER, Vocabulary, indentation, turn

if TYPE_CHECKING:
    from .arrays import Int32s

LINES_BEFORE, LINES_AFTER = 3072, 1024
"""How much of a huge file is looked at around the cursor."""

GROWTH = 256
"""Lines by which the window grows at either end at a time: tokenizing them takes about 2 ms."""

_KNOWN = 8192
"""Lines whose tokens are remembered, for windows that move and edits that are undone."""


class OpenFile:
    """One document's tokens: each line is its line-end word followed by its words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[str, tuple[list[int], int]] = {}
        self._first = 0
        self._below = 0
        self._empty()

    def _empty(self) -> None:
        import numpy as np

        self._lines: list[str] = []
        self._widths = np.empty(0, np.int32)
        self._lengths = np.empty(0, np.int32)
        self.starts = np.empty(0, np.int32)
        self.tokens = np.empty(0, np.int32)

    def follow(self, text: Text, line: int, growth: int = GROWTH, *, typing: bool = True) -> int:
        """Take in the document as it is now, around ``line``; return the line's number in ``starts``.

        While it is being typed the line itself is left blank: its half-written words are no words yet.
        The window grows by ``growth`` lines at either end each time, so that opening a large file costs no keystroke
        more than a few milliseconds.
        """
        count = text.line_count
        first, stop = self._first, count - self._below
        if not self._lines or not first <= line < stop:
            first, stop = line, line
        wanted = max(0, line - LINES_BEFORE), min(count, line + LINES_AFTER)
        # A window that is already wider than wanted stays, until it is twice as wide.
        if stop - first > 2 * (LINES_BEFORE + LINES_AFTER):
            first, stop = max(first, wanted[0]), min(stop, wanted[1])
        first = min(first, max(wanted[0], first - growth))
        stop = max(stop, line + 1, min(wanted[1], stop + growth))
        if first != self._first:
            self._empty()
        self._first, self._below = first, count - stop
        lines = list(text.raw_lines(first, stop))
        if typing:
            lines[line - first] = ""
        self._splice(lines)
        return line - first

    def is_whole(self, text: Text, line: int) -> bool:
        """Return whether the window has grown as far as it will."""
        stop = text.line_count - self._below
        return (
            bool(self._lines)
            and self._first <= max(0, line - LINES_BEFORE)
            and stop >= min(text.line_count, line + LINES_AFTER)
        )

    def _splice(self, lines: list[str]) -> None:
        import numpy as np

        old = self._lines
        if lines == old:
            return
        if len(self._known) > _KNOWN:
            self._known.clear()
        head = _common_prefix(old, lines)
        tail = _common_prefix(old[: head - 1 if head else None : -1], lines[: head - 1 if head else None : -1])
        if not head and old:
            tail = min(tail, len(old) - 1, len(lines) - 1)  # a file's first line is numbered unlike all others
        old_stop, stop = len(old) - tail, len(lines) - tail
        numbered = [self._number(line, self._first + head + index) for index, line in enumerate(lines[head:stop])]
        middle = np.array([token for tokens, _ in numbered for token in tokens], np.int32)
        widths = np.array([width for _, width in numbered], np.int32)
        lengths = np.array([len(tokens) for tokens, _ in numbered], np.int32)
        ends = np.append(self.starts, len(self.tokens))
        left, right = (int(ends[head]), int(ends[old_stop])) if old else (0, 0)
        self.tokens = np.concatenate((self.tokens[:left], middle, self.tokens[right:]))
        self._widths = np.concatenate((self._widths[:head], widths, self._widths[old_stop:]))
        self._lengths = np.concatenate((self._lengths[:head], lengths, self._lengths[old_stop:]))
        self.starts = np.cumsum(self._lengths) - self._lengths
        self._lines = lines
        self._mark_turns()

    def _number(self, line: str, number: int) -> tuple[list[int], int]:
        bare = line.rstrip("\r\n")
        if number == 0:
            return [0, *self.vocabulary.number_line(bare)], 0
        known = self._known.get(bare)
        if known is None:
            content = bare.lstrip(" \t")
            width = indentation(bare[: len(bare) - len(content)]) if content else -1
            known = self._known[bare] = [0, *self.vocabulary.number_line(content)], width
        return known

    def _mark_turns(self) -> None:
        import numpy as np

        turns = np.full(len(self._widths), BLANK, np.int32)
        filled = np.flatnonzero(self._widths >= 0)
        here = self._widths[filled]
        before = np.concatenate((np.zeros(1, np.int32), here[:-1]))[: len(here)]
        turns[filled] = np.where(here == before, SAME, np.where(here > before, DEEPER, SHALLOWER))
        if self._first == 0 and len(turns):
            turns[0] = FILE
        self.tokens[self.starts] = turns << 1

    def around(self, line: int) -> "tuple[Int32s, Int32s]":
        """Return the tokens before and after line number ``line``, both without it."""
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.tokens)
        return self.tokens[: self.starts[line]], self.tokens[end:]

    def standing(self, word: int, before: Collection[int] = ()) -> int:
        """Return how often a word stands in the file, after one of the words ``before`` where any are given."""
        import numpy as np

        words = self.tokens >> 1
        places = np.flatnonzero(words == word)
        return int(np.isin(words[places - 1], list(before)).sum()) if before else len(places)

    def turn_at(self, line: int, width: int) -> int:
        """Return the line-end word before line number ``line`` if it were indented by ``width``."""
        if line == 0 and self._first == 0:
            return FILE
        import numpy as np

        filled = np.flatnonzero(self._widths[max(0, line - 200) : line] >= 0)
        before = int(self._widths[max(0, line - 200) + filled[-1]]) if len(filled) else 0
        return turn(before, width)


def _common_prefix(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many first lines are equal, comparing whole slices (strings that are shared compare at once)."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) >> 1
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
