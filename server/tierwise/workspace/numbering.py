"""Whole texts as one row of numbers: what the index is built from, a million tokens in a fraction of a second."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .tokens import BLANK, DEEPER, FILE, FIRST_WORD, SAME, SHALLOWER, bare, indentation, is_line_end, split

if TYPE_CHECKING:
    from .arrays import Int32s, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The tokens of many texts: each text begins at its start with the token ``FILE``; ``words`` are sorted."""

    tokens: "Int32s"
    starts: "Int32s"
    words: list[str]


class _Numbers(dict[str, int]):
    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number


def number_texts(texts: Iterable[str]) -> Row:
    """Return all texts as one row; the texts are read once and one at a time."""
    import numpy as np

    raw = _Numbers()
    file = raw["\x00file"]
    rows: list[Int32s] = []
    starts = [0]
    for text in texts:
        tokens = split(text)
        row = np.empty(len(tokens) + 1, np.int32)
        row[0] = file
        row[1:] = np.fromiter(map(raw.__getitem__, tokens), np.int32, len(tokens))
        rows.append(row)
        starts.append(starts[-1] + len(row))
    row = np.concatenate(rows) if rows else np.empty(0, np.int32)
    del rows
    words, table, widths = _sort_words(raw)
    raw.clear()
    turns, ends = _turns(row, widths)
    np.take(table, row, out=row)
    row[ends] = turns << 1
    return Row(tokens=row, starts=np.array(starts[:-1], np.int32), words=words)


def _sort_words(raw: dict[str, int]) -> tuple[list[str], "Int32s", "Int32s"]:
    """Return the sorted words, the table from raw numbers to tokens, and each raw token's indentation or -1."""
    import numpy as np

    table, widths = np.zeros(len(raw), np.int32), np.full(len(raw), -1, np.int32)
    bares: list[tuple[str, int, int]] = []
    for token, number in raw.items():
        if number == 0:
            table[number] = FILE << 1
        elif is_line_end(token):
            widths[number] = indentation(token)
        else:
            bares.append((*bare(token), number))
    words = sorted({word for word, _, _ in bares})
    numbers = {word: number for number, word in enumerate(words, FIRST_WORD)}
    for word, space, number in bares:
        table[number] = numbers[word] << 1 | space
    return words, table, widths


def _turns(row: "Int32s", widths: "Int32s") -> "tuple[Int32s, Integers]":
    """Return the line-end word of each line end in the row, and where they are."""
    import numpy as np

    ends = np.flatnonzero((widths >= 0)[row])
    turns = np.full(len(ends), BLANK, np.int32)
    if not len(ends):
        return turns, ends
    # A line is blank when the next token ends it, too; a text's first token (number 0) ends the text before it.
    following = row[np.minimum(ends + 1, len(row) - 1)]
    is_blank = (widths[following] >= 0) | (following == 0)
    filled = ends[~is_blank]
    here = widths[row[filled]]
    before = np.concatenate((np.zeros(1, np.int32), here[:-1]))
    text = np.searchsorted(np.flatnonzero(row == 0), filled)
    before[np.concatenate(([True], text[1:] != text[:-1]))[: len(before)]] = 0
    turns[~is_blank] = np.where(
        here == before[: len(here)], SAME, np.where(here > before[: len(here)], DEEPER, SHALLOWER)
    )
    return turns, ends
