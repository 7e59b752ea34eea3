"""What is believed of one task while it is worked on: how hard it is, and how large."""

from math import exp, log
from operator import add

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
        either, candidate = self._likelihood(sight, passed, notch)
        weights = times(self.weights, either)
        total = sum(weights)
        curve, rest = sight.curve, 1 - sight.curve.size**2
        precision = self.size_precision if notch is None else self.size_precision + curve.size**2 / rest
        if total <= 0.0:  # impossible under the model: keep what was believed
            found = Belief(self.weights, (*self.candidates, [0.5] * len(GRID)), self.size_sum, precision)
        else:
            candidates = (*self.candidates, candidate)
            found = Belief([weight / total for weight in weights], candidates, self.size_sum, precision)
        if notch is not None:
            found.size_sum += curve.size * found.surprise(sight, notch * NOTCH) / rest
        return found

    def _likelihood(self, sight: Sight, passed: bool, notch: int | None) -> tuple[list[float], list[float]]:
        """Return how likely such an attempt is per point of difficulty, and its chance of being right where it is made.

        The sight keeps them for first attempts: there nothing is known of the size, which alone they depend on.
        """
        first = not self.candidates
        found = sight.first_attempts.get((passed, notch)) if first else None
        if found is None:
            like, unlike = self._of_verdict(sight, passed) if notch is None else self._of_both(sight, passed, notch)
            either = list(map(add, like, unlike))
            found = either, [a / both if both > 0.0 else 0.0 for a, both in zip(like, either, strict=True)]
            if first:
                sight.first_attempts[passed, notch] = found
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

    def _of_verdict(self, sight: Sight, passed: bool) -> tuple[list[float], list[float]]:
        right, wrong = sight.verdict(passed)
        return [p * right for p in sight.solve], [(1 - p) * wrong for p in sight.solve]

    def _of_both(self, sight: Sight, passed: bool, notch: int) -> tuple[list[float], list[float]]:
        curve, logged, (right, wrong) = sight.curve, notch * NOTCH, sight.verdict(passed)
        variance = 1 - curve.size**2 * (1 - 1 / self.size_precision)
        known = curve.size * self.size_sum / self.size_precision
        s1, s0 = curve.spread_right, curve.spread_wrong
        x1, x0 = logged - known * s1, logged - known * s0
        k1, k0 = -0.5 / (s1 * s1 * variance), -0.5 / (s0 * s0 * variance)
        right, wrong = right / s1, wrong / s0
        like = [p * right * exp(k1 * (x1 - m) * (x1 - m)) for p, m in zip(sight.solve, sight.line_right, strict=True)]
        unlike = [
            (1 - p) * wrong * exp(k0 * (x0 - m) * (x0 - m)) for p, m in zip(sight.solve, sight.line_wrong, strict=True)
        ]
        return like, unlike


def notch(sight: Sight, cost: float | None) -> int | None:
    """Return an attempt's log cost in notches, cut to what counts as evidence; None where nothing is known."""
    curve = sight.curve
    if cost is None or cost <= 0.0 or curve.mean_cost <= 0.0 or curve.tries < 1.0:
        return None
    reach = WINSOR * curve.reach
    return round(min(curve.middle + reach, max(curve.middle - reach, log(cost))) / NOTCH)
