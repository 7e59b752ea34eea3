"""How this user types: how long after which kind of key the next one comes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from tierwise.workspace.tokens import in_word

PAUSE = 1.0
"""Seconds without a key after which the user has stopped: five to ten times the usual gap between two keys, and long
enough to have read a line of ghost text."""

_LOWEST, _HIGHEST, _PER_OCTAVE = -2.0, 3.0, 6
_BINS = int((_HIGHEST - _LOWEST) * _PER_OCTAVE)
_WEIGHT = 15.0
"""How many keys the first guess of a gap is worth: after so many of one kind, what the user does counts as much."""
_FADING = 0.985
"""What is left of a gap's weight with the next of its kind: about the last seventy count."""
_STOP_WEIGHT, _STOP_FADING = 60.0, 0.998
"""The same for how often the user stops, which is seen too seldom to be learned as fast."""
_TEMPO_SHARE = 0.06
"""Weight of one gap in the tempo, which so follows the last fifteen or twenty keys."""


BOTH = frozenset(("()", "[]", "{}", '""', "''", "``"))
"""What one key inserts where the editor closes what is opened."""


class Key(StrEnum):
    """What was typed last, as far as it says when the next key comes."""

    WORD = "word"
    SPACE = "space"
    LINE = "line"
    CALL = "call"
    COLON = "colon"
    DOT = "dot"
    CLOSE = "close"
    OTHER = "other"
    ERASE = "erase"


_KINDS = {" ": Key.SPACE, "\t": Key.SPACE, "(": Key.CALL, ":": Key.COLON, ".": Key.DOT} | dict.fromkeys(
    ")]};,\"'`", Key.CLOSE
)


def key_of(inserted: str, removed: str) -> Key | None:
    """Return what kind of key made a change of the document, or None where no single key did, as with a paste.

    An editor may add an indentation to a line end, and to an opener what closes it.
    """
    if not inserted:
        return Key.ERASE if removed else None
    if inserted[0] in "\r\n" and not inserted.strip():
        return Key.LINE
    if len(inserted) == 1 or inserted in BOTH:
        first = inserted[0]
        return _KINDS.get(first) or (Key.WORD if in_word(first) else Key.OTHER)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guess:
    """Gaps before anything is known: their median in units of the tempo, their spread (the standard deviation of their
    logarithm to base 2) and how often the user stops there.
    """

    median: float
    spread: float
    stops: float


_GUESSES = {
    Key.WORD: _Guess(median=1.0, spread=0.5, stops=0.005),
    Key.SPACE: _Guess(median=1.5, spread=0.7, stops=0.03),
    Key.LINE: _Guess(median=3.0, spread=0.9, stops=0.3),
    Key.CALL: _Guess(median=1.6, spread=0.8, stops=0.1),
    Key.COLON: _Guess(median=1.6, spread=0.8, stops=0.1),
    Key.DOT: _Guess(median=1.5, spread=0.7, stops=0.1),
    Key.CLOSE: _Guess(median=1.7, spread=0.8, stops=0.05),
    Key.OTHER: _Guess(median=1.5, spread=0.7, stops=0.03),
    Key.ERASE: _Guess(median=1.3, spread=0.8, stops=0.05),
}
"""Gaps between keys are close to log-normal (González, Calot, Ierache and Hasperué, "On the shape of timings
distributions in free-text keystroke dynamics profiles", Heliyon 7, 2021), short inside a word, longer at its ends and
longest where a thought ends. The figures are round ones, which the user's own keys replace."""


class Gaps:
    """How the gaps after one kind of key are spread, as a fading histogram of their ratio to the tempo."""

    def __init__(self, guess: _Guess) -> None:
        edges = (_LOWEST + index / _PER_OCTAVE for index in range(_BINS + 1))
        below = [_normal((edge - math.log2(guess.median)) / guess.spread) for edge in edges]
        inside = below[-1] - below[0]
        self._weights = [_WEIGHT * (high - low) / inside for low, high in pairwise(below)]
        self._guess = tuple(self._weights)
        self._stopped, self._passed = _STOP_WEIGHT * guess.stops, _STOP_WEIGHT

    def add(self, ratio: float | None) -> None:
        """Take a gap as its ratio to the tempo, or None where the user stopped."""
        self._passed = self._passed * _STOP_FADING + 1.0
        self._stopped *= _STOP_FADING
        if ratio is None:
            self._stopped += 1.0
            return
        pairs = zip(self._weights, self._guess, strict=True)
        self._weights = [guess + (weight - guess) * _FADING for weight, guess in pairs]
        index = int((math.log2(max(ratio, 1e-3)) - _LOWEST) * _PER_OCTAVE)
        self._weights[min(max(index, 0), _BINS - 1)] += 1.0

    @property
    def stops(self) -> float:
        """How likely the user stops."""
        return self._stopped / self._passed

    def beyond(self) -> list[tuple[float, float]]:
        """Return waits as ratios to the tempo, from none at all upwards, and how likely a further key comes after each
        in spite of it.
        """
        moving = (1.0 - self.stops) / sum(self._weights)
        left = 1.0 - self.stops
        found = [(0.0, left)]
        for edge, weight in zip(_EDGES, self._weights, strict=True):
            left -= weight * moving
            found.append((edge, max(left, 0.0)))
        return found


_EDGES = tuple(2 ** (_LOWEST + (index + 1) / _PER_OCTAVE) for index in range(_BINS))


@dataclass(slots=True)
class Rhythm:
    """One user's typing, learned as it happens; ``tempo`` is the usual gap inside a word, in seconds."""

    tempo: float = 0.15
    last: Key | None = None
    at: float = 0.0
    gaps: Mapping[Key, Gaps] = field(default_factory=lambda: {key: Gaps(guess) for key, guess in _GUESSES.items()})

    def press(self, key: Key | None, now: float) -> float:
        """Take a key at a moment in seconds and return the seconds since the one before; a paste ends the rhythm."""
        gap = now - self.at
        if self.last is not None and key is not None:
            self._learn(self.last, gap)
        self.last, self.at = key, now
        return gap

    def _learn(self, key: Key, gap: float) -> None:
        self.gaps[key].add(None if gap >= PAUSE else gap / self.tempo)
        if key is Key.WORD and gap < PAUSE / 2:
            self.tempo *= (max(gap, 0.02) / self.tempo) ** _TEMPO_SHARE


def _normal(z: float) -> float:
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
