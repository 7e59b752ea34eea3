"""What speaks for each next token: how long a context was seen before, where, how often, and what followed it.

Two sources are asked, as nested cache models ask them (Tu et al. 2014; Hellendoorn and Devanbu 2017): the whole
workspace through its sorted contexts, and the open file, whose places are few enough to be searched as they are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierwise.workspace.contexts import DEPTH
from tierwise.workspace.index import Index
from tierwise.workspace.tokens import FIRST_WORD, SAME, SPACE, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from tierwise.workspace.arrays import Bools, Int32s, Integers

LINE_END = SAME << 1
"""The one token that stands for every kind of line end, and for the file's end, when it is predicted."""

LEVELS = 4
"""Context lengths looked at per source: the longest that matches, then those that match at least twice as often."""

SAMPLE = 128
"""Followers counted at one length; more of them would say the same share."""

TYPED_SAMPLE = 768
"""The same where only followers with the typed beginning count: most of them drop out at once."""

_UNKNOWN = UNKNOWN << 1

_FEW = 4
"""Places that are compared faster one by one than by numpy."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The beginning of a token that is already there: which tokens can still be meant."""

    text: str
    space: int
    words: range
    first_late: int
    late: "Bools | None"

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary) -> "Typed":
        """``text`` is a space, a word's beginning, or a space and a word's beginning."""
        space, start = (SPACE, text[1:]) if text.startswith(" ") else (0, text)
        if not start:
            return cls(text, space, range(FIRST_WORD, len(vocabulary)), 0, None)
        words, late = vocabulary.beginning_with(start)
        return cls(text, space, words, vocabulary.first_late, _flags(late, vocabulary) if late else None)

    def keep(self, tokens: "Int32s") -> "Bools":
        """Return which of the tokens begin like this."""
        words = tokens >> 1
        kept = (words >= self.words.start) & (words < self.words.stop)
        if self.late is not None:
            # Flag 0 is for all words that are not late, and none of those begins so.
            kept |= self.late[(words - (self.first_late - 1)).clip(0)]
        kept &= (tokens & SPACE) == self.space
        return kept


def _flags(late: Sequence[int], vocabulary: Vocabulary) -> "Bools":
    """Return for each late word whether it is one of these, behind a first flag that is never set."""
    import numpy as np

    flags = np.zeros(len(vocabulary) - vocabulary.first_late + 1, np.bool_)
    flags[np.array(late) - (vocabulary.first_late - 1)] = True
    return flags


@dataclass(slots=True)
class Level:
    """What followed a context of ``words`` words: ``counts`` by token of ``total`` followers, out of ``found``.

    ``last`` is the follower nearest to the cursor and ``place`` where it stands, in the open file only.
    """

    words: int
    counts: dict[int, int]
    total: int
    found: int
    last: int = -1
    place: int = 0


def look_up(index: Index, context: Sequence[int], typed: Typed | None) -> list[Level]:
    """Return what followed the context in the workspace, the longest context first."""
    ranges = index.find(context)
    levels: list[Level] = []
    size, limit = 0, SAMPLE if typed is None else TYPED_SAMPLE
    for words in range(len(ranges), 0, -1):
        low, high = ranges[words - 1]
        if high - low < 2 * size or high - low == size:
            continue
        size = high - low
        places = index.order[low : high : (size + limit - 1) // limit] + 1
        kept = index.alive[places]
        tokens = index.tokens[places]
        if typed is not None:
            kept &= typed.keep(tokens)
        counts = _count(tokens[kept][:SAMPLE].tolist())
        if counts:
            levels.append(Level(words, counts, sum(counts.values()), size))
            if len(levels) == LEVELS:
                break
    return levels


def look_around(row: "Int32s", words: "Int32s", here: int, context: Sequence[int], typed: Typed | None) -> list[Level]:
    """Return what followed the context in the open file; ``words`` are ``row``'s, ``here`` is the cursor's place.

    With something typed there is a last level of no context at all: every token of the file that begins so.
    """
    import numpy as np

    steps = _narrow(words, np.flatnonzero(words[:-1] == context[-1]), context)
    levels: list[Level] = []
    size = 0
    for number in range(len(steps), 0, -1):
        places = steps[number - 1]
        if len(places) < 2 * size or len(places) == size:
            continue
        size = len(places)
        _add_level(levels, row, places + 1, here, number, typed)
        if len(levels) == LEVELS:
            break
    if typed is not None:
        _add_level(levels, row, np.flatnonzero(typed.keep(row)), here, 0, None)
    return levels


def _narrow(words: "Int32s", places: "Integers", context: Sequence[int]) -> "list[Integers]":
    """Return the places that end like the last 1, 2, ... words of the context, as far as there are any."""
    import numpy as np

    steps: list[Integers] = []
    most = min(len(context), DEPTH)
    # A place too near the row's start wraps around to its end, which holds the word that matches nothing.
    while len(places) > _FEW:
        steps.append(places)
        if len(steps) == most:
            return steps
        places = places[words[places - len(steps)] == context[-1 - len(steps)]]
    at = words.data
    listed: list[int] = places.tolist()
    while listed:
        steps.append(np.array(listed))
        if len(steps) == most:
            break
        back, word = len(steps), context[-1 - len(steps)]
        listed = [place for place in listed if at[place - back] == word]
    return steps


def _add_level(
    levels: list[Level], row: "Int32s", places: "Integers", here: int, number: int, typed: Typed | None
) -> None:
    tokens = row[places]
    if typed is not None:
        kept = typed.keep(tokens)
        tokens, places = tokens[kept], places[kept]
    if len(places) > SAMPLE:
        # The nearest ones: what stands closest to the cursor is likeliest to be said again.
        middle = int(places.searchsorted(here))
        start = max(0, min(middle - SAMPLE * 3 // 4, len(places) - SAMPLE))
        places, tokens = places[start : start + SAMPLE], tokens[start : start + SAMPLE]
    listed = tokens.tolist()
    counts = _count(listed)
    if not counts:
        return
    nearest = max(int(places.searchsorted(here)) - 1, 0)
    last = listed[nearest]
    last = last if last >= FIRST_WORD << 1 else LINE_END if last != _UNKNOWN else -1
    levels.append(Level(number, counts, sum(counts.values()), len(listed), last, int(places[nearest])))


def _count(tokens: list[int]) -> dict[int, int]:
    """Return how often each token is there, all line ends counted as one, unknown words as none."""
    counts = Counter(tokens)
    ends = sum(counts.pop(word << 1, 0) for word in range(UNKNOWN))
    counts.pop(_UNKNOWN, None)
    if ends:
        counts[LINE_END] = ends
    return counts


def blend(levels: Sequence[Level], token: int) -> float:
    """Return the token's share over all lengths, longer ones weighing more (Witten and Bell 1991)."""
    share = 0.0
    for level in reversed(levels):
        kinds = len(level.counts)
        share = (level.counts.get(token, 0) + kinds * share) / (level.total + kinds)
    return share
