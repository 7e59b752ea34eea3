"""How shares, times and counts are written for people; money is in ``core.money``."""

DASH = "–"
"""Stands where there is nothing to say."""


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
