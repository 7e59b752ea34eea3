"""Days as their user has them: from one local midnight to the next."""

from datetime import date, datetime, time, timedelta


def midnight(day: date) -> float:
    """Return the moment when the local day begins, in seconds since the epoch."""
    return datetime.combine(day, time()).astimezone().timestamp()


def day_of(moment: float) -> date:
    """Return the local day of a moment in seconds since the epoch."""
    return datetime.fromtimestamp(moment).astimezone().date()


def first_of(days: int, now: float) -> float:
    """Return when the first of so many days began, of which the one of ``now`` is the last."""
    return midnight(day_of(now) - timedelta(days=days - 1))
