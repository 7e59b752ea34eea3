"""Numbers as users write them behind an option; what is none is wrong usage."""

import argparse
from math import inf


def positive(text: str) -> int:
    """Return a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def amount(text: str) -> float:
    """Return dollars, from nothing on."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of dollars")
    return value
