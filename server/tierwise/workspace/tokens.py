"""Code of any language as tokens: split without loss, numbered so that equal words have equal numbers.

A token is a word, a number, an operator, a bracket, a quotation mark or a line end, with the one space before it: code
reads the same whether a space stands there or not, so the *word* (the token without its space) is what contexts are
compared by, and the space is kept as the number's lowest bit. Strings and comments are split like code, because
what is in them repeats like code. A line end carries the next line's indentation in the text, and in the numbers only
its direction (same, deeper, shallower, blank), so that code matches itself at any depth.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from threading import Lock

SPACE = 1
"""The bit of a number that says that one space stands before the word."""

FILE, SAME, DEEPER, SHALLOWER, BLANK, UNKNOWN = range(6)
"""Words that are no text: a file's start, four kinds of line end, and a word nobody has seen (it matches nothing)."""

FIRST_WORD = 8
"""The number of the first word that is text."""

_TOKEN = re.compile(
    r" ?[^\W\d]\w*"
    r"|\r?\n[ \t]*|\r[ \t]*"
    r"| ?(?:\d\w*(?:\.\d\w*)?"
    r"""|\"\"\"|'''|\.\.\.|===|!==|[-=]>|[=!<>+\-*/%&|^@:]=|\*\*=?|//=?|<<=?|>>=?|&&|\|\||::|\?[?.]"""
    r"|[^\w\s])"
    r"|[^\S\r\n]+(?= \S)|[^\S\r\n]+"
)

split = _TOKEN.findall
"""Split a text into tokens; joined they are the text again, whatever it holds."""

_TAB = 4
"""How many columns a tab counts in comparing indentations; any number orders files that use one kind only."""


def in_word(character: str) -> bool:
    """Whether a character may be part of a word."""
    return character.isalnum() or character == "_"


def is_line_end(token: str) -> bool:
    """Return whether the token ends a line."""
    return token[0] in "\r\n"


def indentation(line_end: str) -> int:
    """Return the width of the indentation that a line-end token carries."""
    return sum(_TAB if character == "\t" else 1 for character in line_end if character in " \t")


def turn(before: int, after: int) -> int:
    """Return the line-end word for a step between two indentations."""
    if after == before:
        return SAME
    return DEEPER if after > before else SHALLOWER


def bare(token: str) -> tuple[str, int]:
    """Return the token's word and its space bit; a lone space is a word."""
    if token[0] == " " and len(token) > 1 and not token[1].isspace():
        return token[1:], SPACE
    return token, 0


class Vocabulary:
    """Words and their numbers.

    The words an index was built with are sorted, so that all words with one beginning are one range; words that
    came later are few and kept beside it. Words may be added from any thread.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._words = list(words)
        self._numbers = {word: number for number, word in enumerate(self._words, FIRST_WORD)}
        self._late: list[tuple[str, int]] = []
        self._sorted = len(self._words)
        self._lock = Lock()

    @property
    def first_late(self) -> int:
        """The number from which on words came later."""
        return FIRST_WORD + self._sorted

    def __len__(self) -> int:
        return FIRST_WORD + len(self._words)

    def word(self, number: int) -> str:
        """Return the word; empty for those that are no text."""
        return self._words[number - FIRST_WORD] if number >= FIRST_WORD else ""

    def text(self, token: int) -> str:
        """Return the token's text: its word after its space."""
        word = self.word(token >> 1)
        return " " + word if token & SPACE else word

    def find(self, word: str) -> int:
        """Return the word's number, ``UNKNOWN`` where nobody has seen it."""
        return self._numbers.get(word, UNKNOWN)

    def add(self, word: str) -> int:
        """Return the word's number, a new one where it is new."""
        with self._lock:
            number = self._numbers.get(word)
            if number is None:
                number = len(self)
                self._words.append(word)
                self._numbers[word] = number
                insort(self._late, (word, number))
        return number

    def number_line(self, line: str) -> list[int]:
        """Return the tokens of one line, given without its end and its indentation."""
        add, numbers = self.add, self._numbers
        found: list[int] = []
        for token in split(line):
            word, space = bare(token)
            number = numbers.get(word)
            found.append((add(word) if number is None else number) << 1 | space)
        return found

    def beginning_with(self, start: str) -> tuple[range, tuple[int, ...]]:
        """Return the numbers of all words that begin so: a range of the sorted ones and the late ones."""
        after = start + "\U0010ffff"
        low, high = bisect_left(self._words, start, 0, self._sorted), bisect_left(self._words, after, 0, self._sorted)
        first, last = bisect_left(self._late, (start, 0)), bisect_left(self._late, (after, 0))
        late = tuple(number for _, number in self._late[first:last])
        return range(FIRST_WORD + low, FIRST_WORD + high), late

    def words(self) -> Iterable[str]:
        """Return all words in the order of their numbers."""
        return self._words
