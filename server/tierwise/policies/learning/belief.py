"""What is believed of one task while it is worked on: how hard it is, and how large."""

from collections.abc import Sequence
from math import exp, log

from .curve import Sight
from .grid import GRID, dot, times

WINSOR = 1.0
"""How many standard deviations from its mean a log cost counts as evidence. Runaway and stillborn attempts say less
than a normal curve makes of them: uncut, tasks taken for hopeless (8 %) were solved by the next tier in 23 % of
replays.
"""

NOTCH = 0.1
"""Log costs are told apart this finely, a sixth of what luck makes of them; beliefs and plans are kept per notch."""


class Belief:
    """Weights over difficulty, the task's size as its attempts' costs show it, and its answers so far.

    ``candidates`` holds, for each answer, the chance per point of difficulty that it is right. Never changed once made.
    """

    __slots__ = ("candidates", "size_precision", "size_sum", "weights")

    def __init__(
        self,
        weights: list[float],
        candidates: tuple[list[float], ...] = (),
        size_sum: float = 0.0,
        size_precision: float = 1.0,
    ) -> None:
        self.weights, self.candidates = weights, candidates
        self.size_sum, self.size_precision = size_sum, size_precision

    def after(self, sight: Sight, passed: bool, notch: int | None) -> "Belief":
        """Return the belief after an attempt: its verdict, and its log cost in notches, None where it tells nothing."""
        if passed:
            right, wrong = 1.0 - sight.false_reject, sight.false_accept
        else:
            right, wrong = sight.false_reject, 1.0 - sight.false_accept
        if notch is None:
            chances = [(chance * right, (1 - chance) * wrong) for chance in sight.solve]
            return self._weighed(chances, self.size_sum, self.size_precision)
        curve, logged = sight.curve, notch * NOTCH
        variance = 1 - curve.size**2 * (1 - 1 / self.size_precision)
        known = curve.size * self.size_sum / self.size_precision
        s1, s0 = curve.spread_right, curve.spread_wrong
        x1, x0 = logged - known * s1, logged - known * s0
        k1, k0 = -0.5 / (s1 * s1 * variance), -0.5 / (s0 * s0 * variance)
        right, wrong = right / s1, wrong / s0
        chances = [
            (p * right * exp(k1 * (x1 - m1) * (x1 - m1)), (1 - p) * wrong * exp(k0 * (x0 - m0) * (x0 - m0)))
            for p, m1, m0 in zip(sight.solve, sight.line_right, sight.line_wrong, strict=True)
        ]
        rest = 1 - curve.size**2
        found = self._weighed(chances, self.size_sum, self.size_precision + curve.size**2 / rest)
        found.size_sum += curve.size * found.surprise(sight, logged) / rest
        return found

    def known(self, at: int, right: bool) -> "Belief":
        """Return the belief when the truth about the candidate ``at`` has come out."""
        like = self.candidates[at] if right else [1 - chance for chance in self.candidates[at]]
        weights = times(self.weights, like)
        total = sum(weights)
        if total > 0.0:
            weights = [weight / total for weight in weights]
        told = [float(right)] * len(GRID)
        candidates = (*self.candidates[:at], told, *self.candidates[at + 1 :])
        return Belief(weights if total > 0.0 else self.weights, candidates, self.size_sum, self.size_precision)

    def chance(self, at: int) -> float:
        """Return how likely the candidate ``at`` is right."""
        return dot(self.weights, self.candidates[at])

    def surprise(self, sight: Sight, logged: float) -> float:
        """Return by how many standard deviations the last attempt's log cost exceeds what difficulty explains."""
        curve, right = sight.curve, self.chance(-1)
        level = right * curve.right + (1 - right) * curve.wrong + curve.hardness * dot(self.weights, GRID)
        return (logged - level) / (right * curve.spread_right + (1 - right) * curve.spread_wrong)

    def _weighed(self, chances: Sequence[tuple[float, float]], size_sum: float, size_precision: float) -> "Belief":
        weights = [weight * (a + b) for weight, (a, b) in zip(self.weights, chances, strict=True)]
        total = sum(weights)
        if total <= 0.0:  # impossible under the model: keep what was believed
            return Belief(self.weights, (*self.candidates, [0.5] * len(GRID)), size_sum, size_precision)
        candidate = [a / (a + b) if a + b > 0.0 else 0.0 for a, b in chances]
        return Belief([weight / total for weight in weights], (*self.candidates, candidate), size_sum, size_precision)


def notch(sight: Sight, cost: float | None) -> int | None:
    """Return an attempt's log cost in notches, cut to what counts as evidence; None where nothing is known."""
    curve = sight.curve
    if cost is None or cost <= 0.0 or curve.mean_cost <= 0.0 or curve.tries < 1.0:
        return None
    reach = WINSOR * curve.reach
    return round(min(curve.middle + reach, max(curve.middle - reach, log(cost))) / NOTCH)
