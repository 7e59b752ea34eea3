"""Every place of a long row of words, sorted by what stands before it.

This is a suffix array of the reversed row, as infinity-grams use one (Liu et al. 2024): the places whose last ``n``
words are the same are neighbours for every ``n`` at once, so the longest match of any context and all its shorter ones
are nested ranges, found by binary search. Contexts are sorted by their last ``DEPTH`` words only, which is what
prediction looks at; that keeps the sort at a few passes of numpy.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .tokens import FILE

if TYPE_CHECKING:
    from .arrays import Bools, Int32s

DEPTH = 24
"""Words of context that are told apart at least; what one key of the first pass holds is doubled until it suffices."""

_KEY_BITS = 63
"""Of a signed integer that is not negative. Every key carries its place in its lowest bits, so that keys are sorted in
place: numpy sorts plain integers several times as fast as it finds out their order, and in half the memory.
"""

_PIECE = 1 << 17
"""Tied places sorted at a time: their keys take a megabyte."""


def sort_contexts(words: "Int32s") -> "Int32s":
    """Return the places ``0 .. len(words) - 1`` sorted by the words that end there, read backwards.

    Prefix doubling (Manber & Myers 1993) from keys of as many words as fit, each pass sorting again only the places
    that are not yet told apart, group by group and with the ranks as fine as they are by then (Larsson & Sadakane
    2007). Numbers of words must be below 2 ** 21, places below 2 ** 28.
    """
    import numpy as np

    size = len(words)
    order, heads, told = _first_pass(words)
    rank = np.empty(size + 1, np.int32)
    rank[-1] = -1
    starts = np.flatnonzero(heads).astype(np.int32)
    rank[order] = np.repeat(starts, np.diff(starts, append=np.int32(size)))
    del starts
    while told < DEPTH:
        tied = ~heads
        tied[:-1] |= tied[1:]
        slots = np.flatnonzero(tied).astype(np.int32)
        del tied
        for start, stop in _pieces(heads[slots]):
            _tell_apart(slots[start:stop], order, heads, rank, told)
        told *= 2
    return np.subtract(size - 1, order, dtype=np.int32)


def _first_pass(words: "Int32s") -> "tuple[Int32s, Bools, int]":
    """Return the places, counted from the row's end and sorted by their last words; which begin a group of equals; and
    how many words that are.
    """
    import numpy as np

    size = len(words)
    place_bits, word_bits = max(size.bit_length(), 1), max(int(words.max(initial=1)).bit_length(), 1)
    told = min((_KEY_BITS - place_bits) // word_bits, DEPTH)
    backward = words[::-1]
    key = backward.astype(np.int64)
    for back in range(1, told):
        key <<= word_bits
        key[:-back] |= backward[back:]
    key <<= place_bits
    key |= np.arange(size, dtype=np.int32)
    key.sort()
    order = np.empty(size, np.int32)
    np.bitwise_and(key, (1 << place_bits) - 1, out=order, casting="unsafe")
    key >>= place_bits
    heads = np.ones(size, bool)
    np.not_equal(key[1:], key[:-1], out=heads[1:])
    return order, heads, told


def _pieces(heads: "Bools") -> "Iterator[tuple[int, int]]":
    """Yield ranges of whole groups, about ``_PIECE`` places each; a larger group is a piece of its own."""
    import numpy as np

    begins = np.append(np.flatnonzero(heads), len(heads))
    start = 0
    while start < len(heads):
        last = int(begins.searchsorted(start + _PIECE, side="right")) - 1
        stop = int(begins[last])
        if stop <= start:
            stop = int(begins[last + 1])
        yield start, stop
        start = stop


def _tell_apart(slots: "Int32s", order: "Int32s", heads: "Bools", rank: "Int32s", told: int) -> None:
    """Sort the places in these slots, whole groups of equals, by the words that stand ``told`` words further back."""
    import numpy as np

    place_bits, rank_bits = len(slots).bit_length(), len(rank).bit_length()
    places = order[slots]
    key = np.cumsum(heads[slots], dtype=np.int64)
    key <<= rank_bits
    # Ranks begin at -1, which stands for what is before the row.
    key |= rank[np.minimum(places + told, len(rank) - 1)] + 1
    key <<= place_bits
    key |= np.arange(len(slots), dtype=np.int32)
    key.sort()
    places = places[key & ((1 << place_bits) - 1)]
    key >>= place_bits
    fresh = np.ones(len(slots), bool)
    np.not_equal(key[1:], key[:-1], out=fresh[1:])
    begins = np.flatnonzero(fresh)
    order[slots], heads[slots] = places, fresh
    rank[places] = np.repeat(slots[begins], np.diff(begins, append=len(slots)))


class Ranges:
    """Finds the nested ranges of sorted places that end like a context."""

    def __init__(self, tokens: memoryview, order: memoryview, firsts: memoryview) -> None:
        """``firsts[word]`` is the first slot of the places that end with the word; one entry more than words."""
        self._tokens, self._order, self._firsts = tokens, order, firsts

    def find(self, context: Sequence[int]) -> list[tuple[int, int]]:
        """Return the range of slots for the last 1, 2, ... words of ``context``, as far as anything matches."""
        found: list[tuple[int, int]] = []
        if not context or context[-1] + 1 >= len(self._firsts):
            return found
        low, high = self._firsts[context[-1]], self._firsts[context[-1] + 1]
        tokens, order = self._tokens, self._order
        back = 0
        while low < high:
            found.append((low, high))
            back += 1
            if back == len(context) or back == DEPTH or context[-back] == FILE:
                break
            word = context[-1 - back]
            if high - low > 1:
                low, high = self._narrow(low, high, back, word)
                continue
            place = order[low] - back
            if place < 0 or tokens[place] >> 1 != word:
                break
        return found

    def _narrow(self, low: int, high: int, back: int, word: int) -> tuple[int, int]:
        """Return the part of the range whose word ``back`` before the last is ``word``."""
        tokens, order = self._tokens, self._order
        stop = high
        while low < high:
            middle = (low + high) >> 1
            place = order[middle] - back
            if place >= 0 and tokens[place] >> 1 >= word:
                high = middle
            else:
                low = middle + 1
        first, high = low, stop
        while low < high:
            middle = (low + high) >> 1
            place = order[middle] - back
            if place >= 0 and tokens[place] >> 1 > word:
                high = middle
            else:
                low = middle + 1
        return first, low
