"""The span of time a report is about, as users write it."""

import argparse
import re
from datetime import date, datetime, timedelta

from tierwise.ledger.days import first_of, midnight

_AGO = re.compile(r"(\d{1,5})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class SpanError(Exception):
    """The words do not name a span of time; the message shows how to write one."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the ways to name a span; without any, all that was ever recorded is meant."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--since", metavar="WHEN", help="from then on: 30m, 24h, 7d, 2w ago, or 2026-11-23, or today")
    which.add_argument("--days", type=int, metavar="N", help="the last N days, today included, from midnight")
    which.add_argument("--day", metavar="DATE", help="one day: 2026-11-23, today or yesterday")


def span(args: argparse.Namespace, now: datetime | None = None) -> tuple[float | None, float | None]:
    """Return the span's start and end in seconds since the epoch, None where it is open; raises ``SpanError``.

    Days begin at local midnight.
    """
    now = now or datetime.now().astimezone()
    if args.since is not None:
        return _since(args.since, now), None
    if args.days is not None:
        if args.days < 1:
            raise SpanError("--days counts from 1, which is today.")
        return first_of(args.days, now.timestamp()), None
    if args.day is not None:
        day = _day(args.day, now)
        return midnight(day), midnight(day + timedelta(days=1))
    return None, None


def _since(words: str, now: datetime) -> float:
    ago = _AGO.fullmatch(words.strip())
    if ago:
        return (now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})).timestamp()
    return midnight(_day(words, now))


def _day(words: str, now: datetime) -> date:
    named = {"today": now.date(), "yesterday": now.date() - timedelta(days=1)}.get(words.strip().lower())
    if named is not None:
        return named
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise SpanError(f"{words!r} is no time: write 7d, 24h, 2026-11-23, today or yesterday.") from None
