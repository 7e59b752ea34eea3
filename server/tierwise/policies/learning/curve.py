"""From a model's record to its curves: how likely it is right and what it charges, by difficulty."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from .grid import GRID, dot
from .memory import Track

SLOPE = 2.5
"""Steepness of a typical coding model's curve on our scale; fitted on recorded agent runs it lies between 1.3 and 3."""

SLOPE_SPREAD = 0.35
"""How far slopes stray from it, in log."""

ABILITY_SPREAD = 0.8
"""How far a model may lie from what its place in the price order suggests."""

LAPSE = 0.005
"""Share of answers whose success has nothing to do with difficulty; keeps logarithms finite."""

HARDNESS = 0.25
"""Log cost per unit of difficulty before anything is known: harder tasks take more turns."""

SPREAD = 0.6
"""Standard deviation of log cost at one difficulty before anything is known."""

SIZE = 0.5
"""Correlation of a cost with its task's size before anything is known."""

STRENGTH = 10.0
"""What the priors on costs weigh, in attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What one model is expected to do, by difficulty ``b``.

    Log cost is normal around ``right`` or ``wrong`` (the answer's state) ``+ hardness * b`` with their spreads;
    ``size`` is its correlation with the task's size, ``mean_cost`` in dollars, ``middle`` and ``reach`` bound the log
    costs that count as evidence. ``mean_cost`` 0 means that nothing is known of its cost.
    """

    ability: float
    slope: float
    right: float
    wrong: float
    hardness: float
    spread_right: float
    spread_wrong: float
    size: float
    mean_cost: float
    seconds: float
    middle: float
    reach: float
    tries: float


def fit(track: Track, ability: float = 0.0, known_cost: float = 0.0) -> Curve:
    """Return the curves that a record supports, shrunk to the prior ``ability`` and a price-based ``known_cost``."""
    able, slope = _fit_success(track, ability)
    tries, paid, seconds, priced, sized, size_weight = track.totals
    right, wrong, hardness = _fit_cost(track)
    spread_right = _spread(track.cost_right, right, hardness)
    spread_wrong = _spread(track.cost_wrong, wrong, hardness)
    middle, reach = _range(track)
    mean_cost = paid / priced if priced > 0.5 else known_cost
    return Curve(
        ability=able,
        slope=slope,
        right=right,
        wrong=wrong,
        hardness=hardness,
        spread_right=spread_right,
        spread_wrong=spread_wrong,
        size=(sized + STRENGTH * SIZE) / (size_weight + STRENGTH),
        mean_cost=mean_cost,
        seconds=seconds / tries if tries > 0.5 else 0.0,
        middle=middle,
        reach=reach,
        tries=tries,
    )


def success(ability: float, slope: float) -> list[float]:
    """Return the chance of a right answer at each point of difficulty."""
    return [LAPSE / 2 + (1 - LAPSE) / (1 + exp(-slope * (ability - point))) for point in GRID]


def _fit_success(track: Track, prior: float) -> tuple[float, float]:
    """Return ability and slope of the highest posterior, by Newton's method on intercept and slope."""
    slope, intercept = SLOPE, SLOPE * prior
    pull = 1 / (ABILITY_SPREAD * SLOPE) ** 2
    for _ in range(6):
        g0 = (SLOPE * prior - intercept) * pull
        stiffness = 1 / (SLOPE_SPREAD * slope) ** 2
        g1 = -log(slope / SLOPE) / (SLOPE_SPREAD**2 * slope)
        h00, h01, h11 = pull, 0.0, stiffness
        for point, tried, right in zip(GRID, track.tried, track.right, strict=True):
            chance = 1 / (1 + exp(slope * point - intercept))
            excess = right - tried * chance
            weight = tried * chance * (1 - chance)
            g0 += excess
            g1 -= excess * point
            h00 += weight
            h01 -= weight * point
            h11 += weight * point * point
        scale = h00 * h11 - h01 * h01
        intercept += max(-2.0, min(2.0, (h11 * g0 - h01 * g1) / scale))
        slope = max(0.5, min(6.0, slope + max(-1.0, min(1.0, (h00 * g1 - h01 * g0) / scale))))
    return intercept / slope, slope


def _fit_cost(track: Track) -> tuple[float, float, float]:
    """Return the levels of right and wrong answers' log costs and their common slope, ridge towards the priors."""
    n1, b1, bb1, l1, lb1, _ = track.cost_right
    n0, b0, bb0, l0, lb0, _ = track.cost_wrong
    weight = n1 + n0
    if weight < 0.5:
        return 0.0, 0.0, HARDNESS
    mean_b, mean_l, share = (b1 + b0) / weight, (l1 + l0) / weight, n1 / weight
    # Centred normal equations of l on (right, b); the ridge pulls to (0, HARDNESS).
    rr = n1 * (1 - share) + STRENGTH
    rb = b1 - share * (b1 + b0)
    bb = bb1 + bb0 - weight * mean_b * mean_b + STRENGTH
    rl = l1 - share * (l1 + l0)
    bl = lb1 + lb0 - mean_l * (b1 + b0) + STRENGTH * HARDNESS
    scale = rr * bb - rb * rb
    shift = (bb * rl - rb * bl) / scale
    hardness = (rr * bl - rb * rl) / scale
    wrong = mean_l - shift * share - hardness * mean_b
    return wrong + shift, wrong, hardness


def _spread(sums: Sequence[float], level: float, hardness: float) -> float:
    """Return the standard deviation of log cost around its line, shrunk to the prior."""
    n, b, bb, total, lb, squared = sums
    left = squared - 2 * level * total - 2 * hardness * lb + n * level**2 + 2 * level * hardness * b + hardness**2 * bb
    return sqrt((max(left, 0.0) + STRENGTH * SPREAD**2) / (max(n, 0.0) + STRENGTH))


def _range(track: Track) -> tuple[float, float]:
    """Return mean and standard deviation of log cost over all attempts."""
    n = track.cost_right[0] + track.cost_wrong[0]
    total = track.cost_right[3] + track.cost_wrong[3]
    squared = track.cost_right[5] + track.cost_wrong[5]
    if n < 0.5:
        return 0.0, SPREAD
    mean = total / n
    return mean, sqrt((max(squared - n * mean * mean, 0.0) + STRENGTH * SPREAD**2) / (n + STRENGTH))


class Sight:
    """A curve laid out on the grid for one verifier: all that a belief or a plan multiplies by.

    ``solve`` is the chance of a right answer, ``accept`` and ``reject`` of either verdict, ``after_reject`` of being
    right when rejected; ``cost`` is in dollars. ``first_attempts`` keeps what beliefs make of an attempt nobody made
    before, by its verdict and cost.
    """

    __slots__ = (
        "accept",
        "after_reject",
        "cost",
        "curve",
        "false_accept",
        "false_reject",
        "first_attempts",
        "line_right",
        "line_wrong",
        "name",
        "reject",
        "solve",
    )

    def __init__(self, name: str, curve: Curve, verifier: tuple[float, float], density: Sequence[float]) -> None:
        self.name, self.curve = name, curve
        self.false_accept, self.false_reject = false_accept, false_reject = verifier
        solve = self.solve = success(curve.ability, curve.slope)
        self.accept = [chance * (1 - false_reject) + (1 - chance) * false_accept for chance in solve]
        self.reject = [1 - chance for chance in self.accept]
        self.after_reject = [
            chance * false_reject / b if b > 1e-12 else 0.0 for chance, b in zip(solve, self.reject, strict=True)
        ]
        self.line_right = [curve.right + curve.hardness * point for point in GRID]
        self.line_wrong = [curve.wrong + curve.hardness * point for point in GRID]
        self.cost = self._costs(density)
        self.first_attempts: dict[tuple[bool, int | None], tuple[list[float], list[float]]] = {}

    def verdict(self, passed: bool) -> tuple[float, float]:
        """Return how likely this verdict is of a right and of a wrong answer."""
        if passed:
            return 1.0 - self.false_reject, self.false_accept
        return self.false_reject, 1.0 - self.false_accept

    def _costs(self, density: Sequence[float]) -> list[float]:
        """Return expected dollars per point, scaled so that their mean is the mean that was paid."""
        curve = self.curve
        if curve.mean_cost <= 0.0:
            return [0.0] * len(GRID)
        right, wrong = exp(curve.spread_right**2 / 2), exp(curve.spread_wrong**2 / 2)
        raw = [
            chance * right * exp(r - curve.middle) + (1 - chance) * wrong * exp(w - curve.middle)
            for chance, r, w in zip(self.solve, self.line_right, self.line_wrong, strict=True)
        ]
        scale = curve.mean_cost / dot(raw, density)
        return [value * scale for value in raw]
