"""Made-up people who type: seeded, human-like, and unlike what the server believes before it knows them.

Gaps between keys are log-logistic (González, Calot, Ierache and Hasperué, "On the shape of timings distributions in
free-text keystroke dynamics profiles", Heliyon 2021), about 120 ms inside words, longer at word ends, longer still at
line ends; people differ in tempo, drift in it, and stop to think where a thought ends.
"""

import random
import textwrap
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean

from tierwise.features.suggestions.patience import Patience
from tierwise.features.suggestions.rhythm import Rhythm, key_of

SOURCES = (textwrap, tokenize)
"""Code to type: from the standard library, so that it is there wherever the benchmark runs."""

THINKING = 5.0
"""Seconds between two bursts."""
LONGEST = 0.8
"""Seconds between two keys of a burst at most: who waits longer has stopped to think."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key: what it types, and the seconds that pass until the next one."""

    text: str
    gap: float


@dataclass(frozen=True, slots=True)
class Typist:
    """How one person types; times are in seconds, ``stops`` says how often the person stops to think after a key."""

    tempo: float
    steadiness: float
    word_end: float
    line_end: float
    stops: Mapping[str, float]

    @classmethod
    def somebody(cls, draw: random.Random) -> "Typist":
        return cls(
            tempo=0.12 * draw.lognormvariate(0.0, 0.25),
            steadiness=draw.uniform(3.5, 6.0),
            word_end=draw.uniform(1.3, 2.2),
            line_end=draw.uniform(2.5, 5.0),
            stops={
                "\n": draw.uniform(0.15, 0.45),
                "(": draw.uniform(0.03, 0.15),
                ".": draw.uniform(0.03, 0.15),
                ":": draw.uniform(0.03, 0.15),
                " ": draw.uniform(0.01, 0.05),
                "word": draw.uniform(0.001, 0.004),
                "other": draw.uniform(0.01, 0.05),
            },
        )

    def gap(self, key: str, draw: random.Random) -> float:
        """Return the seconds until the next key, where one follows."""
        scale = self.tempo * (self.line_end if key == "\n" else 1.0 if _in_word(key) else self.word_end)
        chance = min(max(draw.random(), 1e-6), 1 - 1e-6)
        return scale * (chance / (1 - chance)) ** (1 / self.steadiness)

    def stops_after(self, key: str) -> float:
        """Return how likely the person stops after the key."""
        return self.stops.get(key, self.stops["word" if _in_word(key) else "other"])


def _in_word(key: str) -> bool:
    return key.isalnum() or key == "_"


def keys_of_code() -> list[str]:
    """Return the keys somebody presses to write the sources: an editor indents by itself."""
    keys: list[str] = []
    for module in SOURCES:
        assert module.__file__
        for line in Path(module.__file__).read_text("utf-8").splitlines():
            keys += [*line.strip(), "\n"]
    return keys


def bursts(seed: int, count: int, length: int = 60, *, natural: bool = True) -> Iterator[list[Stroke]]:
    """Yield one person's bursts: ``length`` keys without a pause, and then nothing.

    A natural burst ends after a key where the person stops to think, in proportion to how often; others end anywhere.
    """
    draw = random.Random(seed)
    typist, code = Typist.somebody(draw), keys_of_code()
    ends = range(length, len(code))
    weights = [typist.stops_after(code[end - 1]) if natural else 1.0 for end in ends]
    for end in draw.choices(ends, weights, k=count):
        drift, strokes = 1.0, list[Stroke]()
        for key in code[end - length : end]:
            drift = min(max(drift * draw.lognormvariate(0.0, 0.05), 0.7), 1.5)
            strokes.append(Stroke(key, min(typist.gap(key, draw) * drift, LONGEST)))
        yield strokes


@dataclass(frozen=True, slots=True)
class Waited:
    """What came of one burst: the calls made in it, and the seconds waited after its last key."""

    calls: int
    wait: float


def with_patience(typed: Sequence[Sequence[Stroke]], price: float, most: int = 6) -> list[Waited]:
    """Type one person's bursts, a thinking pause between them, against a server that learns from them."""
    patience, now, found = Patience(Rhythm(), most), 0.0, list[Waited]()
    for burst in typed:
        now += THINKING
        calls, wait = 0, 0.0
        for index, stroke in enumerate(burst):
            patience.press(key_of(stroke.text, ""), now)
            wait = patience.wait(price)
            if stroke.gap > wait or index == len(burst) - 1:
                calls += 1
                patience.called()
            now += stroke.gap
        found.append(Waited(calls, wait))
    return found


def with_debounce(typed: Sequence[Sequence[Stroke]], wait: float) -> list[Waited]:
    """Type the bursts against a server that always waits as long."""
    return [Waited(sum(stroke.gap > wait for stroke in burst[:-1]) + 1, wait) for burst in typed]


@dataclass(frozen=True, slots=True)
class Frontier:
    """Fixed debounces, the shortest first, each with the calls it makes."""

    points: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, people: Sequence[Sequence[Sequence[Stroke]]], waits: Iterable[float]) -> "Frontier":
        return cls(
            tuple((wait, mean(one.calls for typed in people for one in with_debounce(typed, wait))) for wait in waits)
        )

    def wait_at(self, calls: float) -> float:
        """Return the fixed wait that makes so many calls, interpolated; the longest one where none makes so few."""
        for (short, many), (long, few) in pairwise(self.points):
            if many >= calls >= few:
                return short + (many - calls) / (many - few) * (long - short)
        return self.points[-1][0]

    def calls_at(self, wait: float) -> float:
        """Return the calls that a fixed wait makes, interpolated; the fewest ones past the longest."""
        for (short, many), (long, few) in pairwise(self.points):
            if short <= wait <= long:
                return many + (wait - short) / (long - short) * (few - many)
        return self.points[-1][1]
