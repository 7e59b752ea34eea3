"""Money as people read it: never with an exponent, and with as many digits as it needs."""

import math
from collections.abc import Iterable

MOST_DECIMALS = 8
"""Of a dollar: one token of the cheapest model in the catalogue costs about as much."""


def decimals(amounts: Iterable[float | None], shown: int = 2) -> int:
    """Return how many decimals show so many digits of the smallest amount: never fewer than cents need."""
    smallest = min((abs(amount) for amount in amounts if amount), default=1.0)
    return min(MOST_DECIMALS, max(2, shown - 1 - math.floor(math.log10(smallest))))


def dollars(amount: float | None, places: int | None = None) -> str:
    """Return an amount of money, with so many decimals or as many as it needs; unknown is said to be."""
    if amount is None:
        return "unknown"
    places = decimals((amount,), shown=3) if places is None else places
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{places}f}"


def exactly(amount: float) -> str:
    """Return an amount as somebody has written it, a limit or a price: all its digits and no more."""
    return f"${digits(amount)}"


def digits(amount: float) -> str:
    """Return the amount's digits alone, for a table whose heading names the dollars."""
    return f"{amount:,.12f}".rstrip("0").rstrip(".")
