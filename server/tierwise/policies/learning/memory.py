"""What was learned, as sums: two memories add up to one, so that restarts, editors and teams can share theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Self, cast

from .grid import GRID, SQUARES, dot

POINTS = len(GRID)


@dataclass(slots=True, kw_only=True)
class Track:
    """One model's record, each field a list of sums.

    ``tried`` and ``right`` count expected tries and right answers per point of difficulty. ``cost_right`` and
    ``cost_wrong`` hold, for right and wrong answers, the sums of weight, b, b squared, l, l b and l squared over
    difficulty ``b`` and log cost ``l``. ``totals`` holds tries, dollars, seconds, tries with a known cost, and the
    measured share of the cost's spread that the task's size explains with the tries it was measured on.
    """

    tried: list[float] = field(default_factory=lambda: [0.0] * POINTS)
    right: list[float] = field(default_factory=lambda: [0.0] * POINTS)
    cost_right: list[float] = field(default_factory=lambda: [0.0] * 6)
    cost_wrong: list[float] = field(default_factory=lambda: [0.0] * 6)
    totals: list[float] = field(default_factory=lambda: [0.0] * 6)

    @property
    def count(self) -> float:
        """Tries, faded ones in part."""
        return self.totals[0]

    def add(
        self, belief: Sequence[float], right: Sequence[float], paid: float | None, seconds: float, weight: float = 1.0
    ) -> None:
        """Take in one attempt: what is believed of its task, per point the chance that its answer was right, its cost.

        A negative weight takes the attempt back.
        """
        tried, solved, totals = self.tried, self.right, self.totals
        share = 0.0
        for at, (mass, chance) in enumerate(zip(belief, right, strict=True)):
            mass *= weight  # noqa: PLW2901  (the inner loop of every update)
            tried[at] += mass
            mass *= chance  # noqa: PLW2901
            solved[at] += mass
            share += mass
        totals[0] += weight
        totals[2] += weight * seconds
        if paid is None or paid <= 0.0:
            return
        totals[1] += weight * paid
        totals[3] += weight
        mean, square, logged = dot(belief, GRID), dot(belief, SQUARES), log(paid)
        _add_moments(self.cost_right, share, mean, square, logged)
        _add_moments(self.cost_wrong, weight - share, mean, square, logged)

    def lists(self) -> tuple[list[float], ...]:
        """Return all sums, for whoever adds, fades or writes them."""
        return (self.tried, self.right, self.cost_right, self.cost_wrong, self.totals)

    def fade(self, factor: float) -> None:
        """Let the record count for less."""
        for sums in self.lists():
            sums[:] = [value * factor for value in sums]


def _add_moments(sums: list[float], weight: float, mean: float, square: float, logged: float) -> None:
    paid = weight * logged
    sums[0] += weight
    sums[1] += weight * mean
    sums[2] += weight * square
    sums[3] += paid
    sums[4] += paid * mean
    sums[5] += paid * logged


@dataclass(slots=True, kw_only=True)
class Memory:
    """All that the learned policy knows.

    ``tracks`` are by model name; ``density`` counts tasks per point of difficulty; ``traits`` hold, by fact and value
    (``language=python``), how many tasks had it, the sum of their difficulties and of its squares; ``verifier`` holds
    right answers judged, right ones rejected, wrong ones judged, wrong ones accepted; ``gates`` hold, by kind and model
    (``fix|haiku``), the unverified answers and the failures per tenth of predicted success.
    """

    tracks: dict[str, Track] = field(default_factory=dict[str, Track])
    density: list[float] = field(default_factory=lambda: [0.0] * POINTS)
    traits: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    verifier: list[float] = field(default_factory=lambda: [0.0] * 4)
    gates: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    @property
    def tasks(self) -> float:
        """How many tasks this was learned from."""
        return sum(self.density)

    def track(self, model: str) -> Track:
        """Return the model's record, a new one where there is none."""
        found = self.tracks.get(model)
        if found is None:
            found = self.tracks[model] = Track()
        return found

    def verifier_errors(self) -> tuple[float, float]:
        """Return the rates of false accepts and false rejects, one in ten until more is known."""
        right, rejected, wrong, accepted = self.verifier
        return (accepted + 2.0) / (wrong + 20.0), (rejected + 2.0) / (right + 20.0)

    def merge(self, other: Self, weight: float = 1.0) -> None:
        """Add the other's sums; with weight -1 what remains is what was learned since."""
        for name, track in other.tracks.items():
            for mine, theirs in zip(self.track(name).lists(), track.lists(), strict=True):
                _add(mine, theirs, weight)
        _add(self.density, other.density, weight)
        _add(self.verifier, other.verifier, weight)
        for mine, theirs in ((self.traits, other.traits), (self.gates, other.gates)):
            for name, sums in theirs.items():
                _add(mine.setdefault(name, [0.0] * len(sums)), sums, weight)

    def copy(self) -> "Memory":
        """Return a memory that learns on its own."""
        fresh = Memory()
        fresh.merge(self)
        return fresh

    def to_json(self) -> dict[str, object]:
        """Return plain lists and dicts for a file."""
        return {
            "tracks": {name: [_rounded(sums) for sums in track.lists()] for name, track in self.tracks.items()},
            "density": _rounded(self.density),
            "traits": {name: _rounded(sums) for name, sums in self.traits.items()},
            "verifier": _rounded(self.verifier),
            "gates": {name: _rounded(sums) for name, sums in self.gates.items()},
        }

    @classmethod
    def from_json(cls, found: Mapping[str, object]) -> "Memory":
        """Read what ``to_json`` wrote; raises ``ValueError`` or ``TypeError`` where it is something else."""
        tracks: dict[str, Track] = {}
        for name, lists in _mapping(found["tracks"]).items():
            track = Track()
            for mine, theirs in zip(track.lists(), _list(lists), strict=True):
                mine[:] = _numbers(theirs, len(mine))
            tracks[name] = track
        return cls(
            tracks=tracks,
            density=_numbers(found["density"], POINTS),
            traits={name: _numbers(sums, 3) for name, sums in _mapping(found["traits"]).items()},
            verifier=_numbers(found["verifier"], 4),
            gates={name: _numbers(sums, None) for name, sums in _mapping(found["gates"]).items()},
        )


def _add(mine: list[float], theirs: Sequence[float], weight: float) -> None:
    mine[:] = [old + weight * new for old, new in zip(mine, theirs, strict=True)]


def _rounded(sums: Sequence[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in sums]


def _mapping(found: object) -> dict[str, object]:
    if not isinstance(found, dict):
        raise TypeError("a table is missing")
    table = cast("dict[object, object]", found)
    return {str(name): value for name, value in table.items()}


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError("a list is missing")
    return cast("list[object]", found)


def _numbers(found: object, length: int | None) -> list[float]:
    numbers = [float(value) for value in _list(found) if isinstance(value, int | float)]
    if length is not None and len(numbers) != length:
        raise ValueError(f"a list has {len(numbers)} numbers instead of {length}")
    return numbers
