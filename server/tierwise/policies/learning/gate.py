"""The guarantee: where a cheap tier may answer unverified without failing more often than was promised.

Thresholds are tested from the strictest down, each by the exact binomial bound of Clopper and Pearson; the first that
fails ends the test, so that testing many costs no confidence (fixed-sequence testing). Choosing the threshold that
merely looked good breaks the promise in about four of ten runs.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import comb, lgamma, log
from math import exp as _exp

BINS = 10
"""Thresholds are tenths of the predicted chance of success."""


def upper_bound(failures: float, tries: float, confidence: float) -> float:
    """Return the highest failure rate that so few failures in so many tries leave possible (Clopper and Pearson).

    59 tries without a failure are needed for 5 % at 95 % confidence, 22 for 10 % at 90 %.
    """
    failed, tried = round(failures), round(tries)
    if failed >= tried:
        return 1.0
    low, high = failed / tried, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if _at_most(failed, tried, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def bounded(failures: float, tries: float, target: float, confidence: float) -> bool:
    """Say whether the upper bound is at most ``target``: asked for that alone, one sum tells what the bound takes fifty
    for.
    """
    failed, tried = round(failures), round(tries)
    return failed <= target * tried and failed < tried and _at_most(failed, tried, target) <= 1 - confidence


def _at_most(failed: int, tried: int, rate: float) -> float:
    """Return the chance of at most so many failures at this rate."""
    if rate <= 0.0:
        return 1.0
    if rate >= 1.0:
        return 0.0
    return sum(_exp(_log_choose(tried, k) + k * log(rate) + (tried - k) * log(1 - rate)) for k in range(failed + 1))


def _log_choose(n: int, k: int) -> float:
    if n < 60:
        return log(comb(n, k))
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def threshold(tries: Sequence[float], failures: Sequence[float], target: float, confidence: float) -> float | None:
    """Return the least predicted success at which unverified answers keep the promise, or None where none does.

    ``tries`` and ``failures`` are counted per tenth of predicted success, the lowest first.
    """
    least: float | None = None
    tried = failed = 0.0
    for bin_ in reversed(range(BINS)):
        tried, failed = tried + tries[bin_], failed + failures[bin_]
        if tries[bin_] == 0:
            continue  # nothing new to test: the same claim as the bin above
        if not bounded(failed, tried, target, confidence):
            break
        least = bin_ / BINS
    return least


@lru_cache(maxsize=1024)
def opened(sums: tuple[float, ...], target: float, confidence: float) -> float | None:
    """Return the threshold of a gate's sums, tries before failures: asked at every request, new at few."""
    return threshold(sums[:BINS], sums[BINS:], target, confidence)


def bin_of(chance: float) -> int:
    """Return which tenth a predicted chance falls into."""
    return max(0, min(BINS - 1, int(chance * BINS)))
