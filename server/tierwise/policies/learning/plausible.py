"""Whether a memory that somebody else wrote can be true: sums that no outcomes add up to would lead plans astray."""

from collections.abc import Sequence
from math import isfinite

from .curve import Curve, fit
from .grid import GRID
from .memory import Memory, Track

MOST_NAMES, LONGEST_NAME = 10_000, 200
"""Models, traits and gates of a memory, and letters of a name."""

HEAVIEST = 1e7
"""Outcomes of anything."""

FARTHEST_LOG, WIDEST_LOG, DEAREST, SLOWEST = 25.0, 5.0, 1e5, 1e6
"""Of a model's tries: the logarithm of a cost in dollars at the most and how widely they spread, cost, seconds."""

SLACK = 1e-3
"""Sums are written with six digits, and taking outcomes back leaves rounding behind."""

_FAR = max(abs(GRID[0]), abs(GRID[-1]))


def implausible(memory: Memory) -> str:
    """Return what cannot be true of a memory, an empty string where all can."""
    tables = (memory.tracks, memory.traits, memory.gates)
    names = [name for table in tables for name in table]
    if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
        return "it speaks of too much"
    rows = [memory.density, memory.verifier, *memory.traits.values(), *memory.gates.values()]
    rows += [sums for track in memory.tracks.values() for sums in track.lists()]
    if not all(isfinite(value) and abs(value) <= HEAVIEST * 1e4 for row in rows for value in row):
        return "a number in it is too large"
    right, rejected, wrong, accepted = memory.verifier
    if not (_counts(memory.density) and _at_most(rejected, right) and _at_most(accepted, wrong)):
        return "its counts do not agree"
    if any(not _moments(sums[0], sums[1], sums[2], _FAR) for sums in memory.traits.values()):
        return "its traits do not agree"
    wrong_track = next((name for name, track in memory.tracks.items() if not _track(track)), None)
    return "" if wrong_track is None else f"the record of {wrong_track} does not agree with itself"


def _track(track: Track) -> bool:
    tries, dollars, seconds, priced, sized, sized_tries = track.totals
    return (
        all(_at_most(right, tried) for right, tried in zip(track.right, track.tried, strict=True))
        and _counts((tries, sized_tries))
        and _at_most(priced, tries)
        and _at_most(dollars, DEAREST * priced)
        and _at_most(seconds, SLOWEST * tries)
        and _at_most(sized, sized_tries)
        and _costs(*track.cost_right)
        and _costs(*track.cost_wrong)
        and _tame(fit(track))
    )


def _tame(curve: Curve) -> bool:
    """Whether the costs that follow stay within what floating point and reason can hold."""
    lines = (curve.right - curve.middle, curve.wrong - curve.middle)
    return max(curve.spread_right, curve.spread_wrong, abs(curve.hardness), *map(abs, lines)) <= WIDEST_LOG


def _costs(count: float, hard: float, hard2: float, cost: float, both: float, cost2: float) -> bool:
    return (
        _moments(count, hard, hard2, _FAR)
        and _moments(count, cost, cost2, FARTHEST_LOG)
        and _under(both * both, hard2 * cost2)
        and _under(count * cost2 - cost * cost, (WIDEST_LOG * count) ** 2)
    )


def _counts(values: Sequence[float]) -> bool:
    return all(-SLACK <= value <= HEAVIEST for value in values)


def _at_most(part: float, whole: float) -> bool:
    slack = SLACK * (1.0 + abs(whole))
    return -slack <= part <= whole + slack


def _under(value: float, bound: float) -> bool:
    return value <= bound + SLACK * (1.0 + abs(value))


def _moments(count: float, total: float, squares: float, far: float) -> bool:
    """Whether so many values, none beyond ``far``, can have this sum and these squares (Cauchy and Schwarz)."""
    return (
        -SLACK <= count <= HEAVIEST
        and _under(abs(total), far * count)
        and _under(squares, far * far * count)
        and squares >= -SLACK
        and _under(total * total, count * squares)
    )
