"""Every place of a long row of words, sorted by what stands before it.

This is a suffix array of the reversed row, as infinity-grams use one (Liu et al. 2024): the places whose last ``n``
words are the same are neighbours for every ``n`` at once, so the longest match of any context and all its shorter ones
are nested ranges, found by binary search. Contexts are sorted by their last ``DEPTH`` words only, which is what
prediction looks at; that keeps the sort at a few passes of numpy.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .tokens import FILE

if TYPE_CHECKING:
    from .arrays import Int32s

DEPTH = 24
"""Words of context that are told apart: 3 words in the first pass, doubled thrice."""

_FIRST_PASS = 3
_BITS = 21
_PIECE = 1 << 16


def sort_contexts(words: "Int32s") -> "Int32s":
    """Return the places ``0 .. len(words) - 1`` sorted by the words that end there, read backwards.

    Prefix doubling (Manber & Myers 1993) from keys of three words, each pass sorting again only the places
    that are not yet told apart. Numbers of words must be below 2 ** 21.
    """
    import numpy as np

    size = len(words)
    backward = words[::-1]
    # In place, and each array dropped when it is done with: eight bytes a token are what the memory goes to.
    key = backward.astype(np.int64)
    key <<= _BITS
    key[:-1] |= backward[1:]
    key <<= _BITS
    key[:-2] |= backward[2:]
    order = np.argsort(key).astype(np.int32)
    heads = np.ones(size, bool)
    for start in range(1, size, _PIECE):
        piece = key[order[start - 1 : start + _PIECE]]
        np.not_equal(piece[1:], piece[:-1], out=heads[start : start + _PIECE])
    del key
    rank = np.empty(size + 1, np.int32)
    rank[-1] = -1
    starts = np.flatnonzero(heads).astype(np.int32)
    rank[order] = np.repeat(starts, np.diff(starts, append=np.int32(size)))
    del starts
    told = _FIRST_PASS
    while told < DEPTH:
        tied = ~heads
        tied[:-1] |= tied[1:]
        slots = np.flatnonzero(tied).astype(np.int32)
        del tied
        if not len(slots):
            break
        places = order[slots]
        key = rank[places].astype(np.int64)
        key *= size + 1
        key += rank[np.minimum(places + told, size)]
        key += 1
        within = np.argsort(key)
        places, key = places[within], key[within]
        del within
        order[slots] = places
        # Slots of one group are neighbours and the key begins with the group, so groups stay where they are.
        fresh = np.empty(len(slots), bool)
        fresh[:1] = True
        np.not_equal(key[1:], key[:-1], out=fresh[1:])
        heads[slots] = fresh
        begins = np.flatnonzero(fresh)
        rank[places] = np.repeat(slots[begins], np.diff(begins, append=len(slots)))
        told *= 2
    return np.subtract(size - 1, order, dtype=np.int32)


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
