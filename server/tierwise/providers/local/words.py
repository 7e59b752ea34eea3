"""Kinds of words, as far as the shape of code depends on them in every language."""

from enum import IntEnum
from functools import lru_cache

OPENING, CLOSING = "([{", ")]}"


class Kind(IntEnum):
    """What a word is; the numbers are what the calibration was fitted with."""

    END = 0
    WORD = 1
    NUMBER = 2
    OPEN = 3
    CLOSE = 4
    QUOTE = 5
    COMMA = 6
    DOT = 7
    COLON = 8
    EQUALS = 9
    OTHER = 10


_KINDS = {
    "": Kind.END,
    **dict.fromkeys(OPENING, Kind.OPEN),
    **dict.fromkeys(CLOSING, Kind.CLOSE),
    **dict.fromkeys(('"', "'", "`", '"""', "'''"), Kind.QUOTE),
    ",": Kind.COMMA,
    ";": Kind.COMMA,
    ".": Kind.DOT,
    ":": Kind.COLON,
    "=": Kind.EQUALS,
}


@lru_cache(4096)
def kind_of(word: str) -> Kind:
    """Return the word's kind; a line end is the empty word."""
    known = _KINDS.get(word)
    if known is not None:
        return known
    first = word[0]
    return Kind.NUMBER if first.isdigit() else Kind.WORD if first.isalpha() or first == "_" else Kind.OTHER
