"""How money, shares and times are written for people."""

import math
from collections.abc import Iterable

DASH = "–"
"""Stands where there is nothing to say."""

MOST_DECIMALS = 8
"""Of a dollar: one token of the cheapest model in the catalogue costs about as much."""


def decimals(amounts: Iterable[float | None], digits: int = 2) -> int:
    """Return how many decimals show so many digits of the smallest amount: never fewer than cents need."""
    smallest = min((abs(amount) for amount in amounts if amount), default=1.0)
    return min(MOST_DECIMALS, max(2, digits - 1 - math.floor(math.log10(smallest))))


def dollars(amount: float | None, places: int | None = None) -> str:
    """Return an amount of money, with so many decimals or as many as it needs; unknown is said to be."""
    if amount is None:
        return "unknown"
    places = decimals((amount,), digits=3) if places is None else places
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{places}f}"


def seconds(duration: float | None) -> str:
    """Return a duration with the digits that matter."""
    if duration is None:
        return DASH
    return f"{duration * 1000:.0f} ms" if duration < 1 else f"{duration:.1f} s"


def share(part: float, whole: float) -> str:
    """Return a part in percent, or a dash where there is no whole."""
    return f"{100 * part / whole:.0f} %" if whole else DASH


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
