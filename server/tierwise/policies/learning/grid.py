"""The scale on which tasks are hard and models able, as a short list of points.

Success follows item-response theory (Birnbaum's two-parameter logistic): a model of ability ``a`` and slope ``s``
solves a task of difficulty ``b`` with probability ``1 / (1 + exp(-s (a - b)))``. A belief about a task is a weight per
point.
"""

from collections.abc import Sequence
from math import exp

GRID = tuple(-3.5 + 0.5 * step for step in range(15))
"""Fifteen points: coarser loses saving in replays, finer only time."""

SQUARES = tuple(point * point for point in GRID)

DENSITY_SPREAD = 1.2
"""Standard deviation of difficulty before anything is known; it fixes the scale."""


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    """Return the sum of products. Written out for the points of the grid: a loop takes half as long again, and plans
    are made of little else.
    """
    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o = left  # noqa: E741
    a_, b_, c_, d_, e_, f_, g_, h_, i_, j_, k_, l_, m_, n_, o_ = right
    return (
        a * a_ + b * b_ + c * c_ + d * d_ + e * e_ + f * f_ + g * g_ + h * h_
        + i * i_ + j * j_ + k * k_ + l * l_ + m * m_ + n * n_ + o * o_
    )  # fmt: skip


def times(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """Return the products point by point."""
    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o = left  # noqa: E741
    a_, b_, c_, d_, e_, f_, g_, h_, i_, j_, k_, l_, m_, n_, o_ = right
    return [
        a * a_, b * b_, c * c_, d * d_, e * e_, f * f_, g * g_, h * h_,
        i * i_, j * j_, k * k_, l * l_, m * m_, n * n_, o * o_,
    ]  # fmt: skip


def normal(weights: Sequence[float]) -> list[float]:
    """Return the weights scaled to sum to one."""
    total = sum(weights)
    return [weight / total for weight in weights]


def bell(spread: float = DENSITY_SPREAD) -> list[float]:
    """Return a normal density on the grid."""
    return normal([exp(-square / (2 * spread * spread)) for square in SQUARES])


def tilted(density: Sequence[float], tilt: float) -> list[float]:
    """Return the density moved towards hard (``tilt`` above 0) or easy tasks."""
    return normal([weight * exp(tilt * point) for weight, point in zip(density, GRID, strict=True)])
