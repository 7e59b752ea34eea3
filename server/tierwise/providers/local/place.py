"""Where a token is wanted: the cursor with the open file around it, moved on token by token as text is predicted."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tierwise.core.text import Position, Text
from tierwise.workspace.contexts import DEPTH
from tierwise.workspace.open_file import OpenFile
from tierwise.workspace.tokens import FILE, UNKNOWN, Vocabulary, bare, in_word, indentation, split

from .evidence import Typed
from .words import CLOSING, OPENING, Kind, kind_of

if TYPE_CHECKING:
    from tierwise.workspace.arrays import Int32s

TOKENS_BEFORE, TOKENS_AFTER = 24_000, 8_000
"""How much of the open file is searched at each token: some 3,000 lines, in 10 microseconds a pass."""

_NEAR = 5
"""Blank lines skipped in looking for the line above and below."""


@dataclass(slots=True, kw_only=True)
class Place:
    """Everything the evidence for the next token is drawn from.

    ``row`` is the open file with the cursor's line cut at the cursor, ``words`` the same without space bits, ``here``
    the cursor's place in it; ``context`` are the words before, the last one last; ``line`` the tokens on the cursor's
    line; ``typed`` the beginning of a token that stands before the cursor; ``below`` and ``above`` are the nearest
    lines with text; ``brackets`` the closing brackets that the line still wants, ``quote`` the quotation mark that is
    open on it.
    """

    vocabulary: Vocabulary
    row: "Int32s"
    words: "Int32s"
    here: int
    context: list[int]
    line: list[str]
    typed: Typed | None
    below: str
    above: str
    step: int = 0
    written: str = ""
    brackets: list[str] = field(default_factory=list[str])
    quote: str = ""

    def __post_init__(self) -> None:
        self.written = "".join(self.line)
        for token in self.line:
            self._follow(bare(token)[0])

    @property
    def situation(self) -> str:
        """Which floors hold here: surety is worth different things in a word, between words, and at a file's end."""
        word = "begun" if self.typed and self.typed.text.strip() else "fresh"
        return f"{word}, {'code below' if self.below else 'at the end'}"

    def beginning_with(self, start: str) -> list[str]:
        """Return the open file's identifiers that go on from ``start``, the most frequent first."""
        import numpy as np

        words, late = self.vocabulary.beginning_with(start)
        here = self.words[(self.words >= words.start) & (self.words < words.stop) | np.isin(self.words, late)]
        numbers, counts = np.unique(here, return_counts=True)
        ranked = sorted(zip((-counts).tolist(), map(self.vocabulary.word, numbers.tolist()), strict=True))
        return [word for _, word in ranked if len(word) > len(start) and word.isidentifier()]

    def take(self, token: int) -> str:
        """Move on behind a token and return its text."""
        text = self.vocabulary.text(token)
        self.context.append(token >> 1)
        self.line.append(text)
        self.written += text
        self.typed = None
        self.step += 1
        self._follow(self.vocabulary.word(token >> 1))
        return text

    def _follow(self, word: str) -> None:
        kind = kind_of(word)
        if kind is Kind.QUOTE:
            self.quote = "" if self.quote == word else self.quote or word
        elif self.quote:
            return
        elif kind is Kind.OPEN:
            self.brackets.append(CLOSING[OPENING.index(word)])
        elif kind is Kind.CLOSE and self.brackets:
            self.brackets.pop()


def find_place(file: OpenFile, text: Text, position: Position, recent: "Int32s | None" = None) -> Place:
    """Return the place of the cursor; ``recent`` are other files' tokens, searched as if they stood before this one."""
    import numpy as np

    at = file.follow(text, position.line)
    before = text.line(position.line)[: position.column]
    content = before.lstrip(" \t") if position.line else before
    line, typed = _cut_typed(split(content))
    numbers = [file.vocabulary.find(word) << 1 | space for word, space in map(bare, line)]
    turn = file.turn_at(at, indentation(before[: len(before) - len(content)]))
    head, tail = file.around(at)
    middle = np.array((turn << 1, *numbers, UNKNOWN << 1), np.int32)
    nothing = np.full(1, UNKNOWN << 1, np.int32)
    others = nothing if recent is None else recent
    row = np.concatenate((others, head[-TOKENS_BEFORE:], middle, tail[:TOKENS_AFTER], nothing))
    words = row >> 1
    here = len(row) - min(len(tail), TOKENS_AFTER) - 2
    context: list[int] = words[max(0, here - DEPTH) : here].tolist()
    if FILE in context:
        context = context[len(context) - 1 - context[::-1].index(FILE) :]
    return Place(
        vocabulary=file.vocabulary,
        row=row,
        words=words,
        here=here,
        context=context,
        line=line,
        typed=Typed.of(typed, file.vocabulary) if typed else None,
        below=_nearest_line(text, range(position.line + 1, min(position.line + 1 + _NEAR, text.line_count))),
        above=_nearest_line(text, range(position.line - 1, max(position.line - 1 - _NEAR, -1), -1)),
    )


def _cut_typed(tokens: list[str]) -> tuple[list[str], str]:
    """Cut off the last token where more of it may still come: a word, a number, or a space before either."""
    if tokens and (tokens[-1] == " " or in_word(tokens[-1][-1])):
        return tokens[:-1], tokens[-1]
    return tokens, ""


def _nearest_line(text: Text, numbers: range) -> str:
    return next((line for number in numbers if (line := text.line(number).strip())), "")
