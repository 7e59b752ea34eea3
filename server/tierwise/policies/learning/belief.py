"""What is believed of one task while it is worked on: how hard it is, and how large."""

from collections.abc import Sequence
from math import exp, log

from .curve import Sight
from .grid import GRID, dot

WINSOR = 1.0
"""How many standard deviations from its mean a log cost counts as evidence. Runaway and stillborn attempts say less
than a normal curve makes of them: uncut, tasks taken for hopeless (8 %) were solved by the next tier in 23 % of
replays.
"""


class Belief:
    """Weights over difficulty, and the task's size as far as its attempts' costs show it.

    ``candidates`` holds, for each answer so far, the chance per point that it is right.
    """

    __slots__ = ("candidates", "size_precision", "size_sum", "weights")

    def __init__(self, weights: Sequence[float]) -> None:
        self.weights = list(weights)
        self.size_sum = 0.0
        self.size_precision = 1.0
        self.candidates: list[list[float]] = []

    def see(self, sight: Sight, accepted: bool | None, cost: float | None) -> None:
        """Take in an attempt: the verdict on its answer (None: not judged) and its cost in dollars (None: not told)."""
        if accepted is None:
            right, wrong = 1.0, 1.0
        elif accepted:
            right, wrong = 1.0 - sight.false_reject, sight.false_accept
        else:
            right, wrong = sight.false_reject, 1.0 - sight.false_accept
        if cost is None or cost <= 0.0 or sight.curve.mean_cost <= 0.0 or sight.curve.tries < 1.0:
            self._weigh([chance * right for chance in sight.solve], [(1 - chance) * wrong for chance in sight.solve])
            return
        curve = sight.curve
        logged = max(curve.middle - WINSOR * curve.reach, min(curve.middle + WINSOR * curve.reach, log(cost)))
        variance = 1 - curve.size**2 * (1 - 1 / self.size_precision)
        known = curve.size * self.size_sum / self.size_precision
        s1, s0 = curve.spread_right, curve.spread_wrong
        x1, x0 = logged - known * s1, logged - known * s0
        k1, k0 = -0.5 / (s1 * s1 * variance), -0.5 / (s0 * s0 * variance)
        right, wrong = right / s1, wrong / s0
        self._weigh(
            [c * right * exp(k1 * (x1 - m) * (x1 - m)) for c, m in zip(sight.solve, sight.line_right, strict=True)],
            [
                (1 - c) * wrong * exp(k0 * (x0 - m) * (x0 - m))
                for c, m in zip(sight.solve, sight.line_wrong, strict=True)
            ],
        )
        self._measure(sight, logged)

    def known(self, at: int, right: bool) -> None:
        """Take in the truth about the candidate ``at``."""
        chance = self.candidates[at]
        like = chance if right else [1 - value for value in chance]
        total = dot(self.weights, like)
        if total > 0.0:
            self.weights = [weight * value / total for weight, value in zip(self.weights, like, strict=True)]
        self.candidates[at] = [float(right)] * len(GRID)

    def size(self) -> tuple[float, float]:
        """Return mean and variance of the task's size, in standard deviations of a usual task."""
        return self.size_sum / self.size_precision, 1 / self.size_precision

    def chance(self, at: int) -> float:
        """Return how likely the candidate ``at`` is right."""
        return dot(self.weights, self.candidates[at])

    def _weigh(self, right: list[float], wrong: list[float]) -> None:
        like = [a + b for a, b in zip(right, wrong, strict=True)]
        weights = [weight * value for weight, value in zip(self.weights, like, strict=True)]
        total = sum(weights)
        if total > 0.0:
            self.weights = [weight / total for weight in weights]
        self.candidates.append([a / b if b > 0.0 else 0.0 for a, b in zip(right, like, strict=True)])

    def _measure(self, sight: Sight, logged: float) -> None:
        """Let the part of a cost that difficulty does not explain tell of the task's size."""
        curve = sight.curve
        right = self.chance(-1)
        level = right * curve.right + (1 - right) * curve.wrong + curve.hardness * dot(self.weights, GRID)
        spread = right * curve.spread_right + (1 - right) * curve.spread_wrong
        rest = 1 - curve.size**2
        self.size_sum += curve.size * (logged - level) / spread / rest
        self.size_precision += curve.size**2 / rest
