"""What came of an evaluation: quality, cost and time by tier, with intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from .record import Row

Z = 1.96
"""Standard normal quantile of 95 % intervals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One tier: answers, the share solved with its 95 % interval (Wilson's), dollars and median seconds an answer."""

    tier: str
    model: str
    answers: int
    solved: float
    low: float
    high: float
    cost: float
    seconds: float


def summarise(rows: Sequence[Row], tiers: Iterable[str]) -> list[Figure]:
    """Return the figures of each tier that answered, in the order of the tiers."""
    return [_figure(tier, mine) for tier in tiers if (mine := [row for row in rows if row.tier == tier])]


def _figure(tier: str, rows: Sequence[Row]) -> Figure:
    count, solved = len(rows), sum(row.resolved for row in rows)
    low, high = wilson(solved, count)
    return Figure(
        tier=tier,
        model=rows[-1].model,
        answers=count,
        solved=solved / count,
        low=low,
        high=high,
        cost=sum(row.cost_usd for row in rows) / count,
        seconds=median(row.seconds for row in rows),
    )


def wilson(solved: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927): right also for few answers and shares near 0 and 1."""
    share, spread = solved / count, Z * Z / count
    centre = share + spread / 2
    margin = Z * sqrt(share * (1 - share) / count + spread / (4 * count))
    return max(0.0, (centre - margin) / (1 + spread)), min(1.0, (centre + margin) / (1 + spread))
