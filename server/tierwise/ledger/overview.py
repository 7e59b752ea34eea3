"""All that a page about the last days shows, read at once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tierwise.core.model import Model, Price

from .cells import Cells, Key, count
from .climbs import Climbs, Veto, climbs, vetoes
from .days import day_of, first_of
from .file import reading
from .history import Entry, history
from .lines import Line, line_of
from .report import Report, report
from .spent import Spent, spent

MOST_PERIODS = 62
"""Days that are shown one by one; of a longer span, weeks are."""

LAST = 20
"""Decisions that are shown."""

_SEPARATOR = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """``days`` days up to ``now`` (seconds since the epoch).

    ``periods`` are its days, or its weeks by their Mondays (``weekly``), those without a request too; ``rows`` is the
    finest there is: a line for each day, feature, kind of task, tier and model.
    """

    now: float
    days: int
    report: Report
    periods: tuple[Line, ...]
    weekly: bool
    rows: tuple[tuple[Key, Line], ...]
    climbs: tuple[Climbs, ...]
    vetoes: tuple[Veto, ...]
    spent: Spent
    entries: tuple[Entry, ...]


def overview(path: Path, *, days: int, now: float, frontier: Model | None = None) -> Overview:
    """Read the ledger; a file that is not there reads as empty. Raises ``LedgerError``."""
    since = first_of(days, now)
    price = frontier.price if frontier else None
    long_prompt = price.up_to if price and price.up_to is not None else math.inf
    with reading(path) as connection:
        cells = count(connection, since=since, until=math.inf, long_prompt=long_prompt)
        climbed = climbs(connection, since=since, until=math.inf)
        turned_down = vetoes(connection, since=since, until=math.inf)
    weekly = days > MOST_PERIODS
    return Overview(
        now=now,
        days=days,
        report=report(path, since=since, frontier=frontier),
        periods=_periods(cells, day_of(since), day_of(now), weekly, price),
        weekly=weekly,
        rows=_rows(cells, price),
        climbs=climbed,
        vetoes=turned_down,
        spent=spent(path, now),
        entries=history(path, last=LAST),
    )


def _periods(cells: Cells, first: date, last: date, weekly: bool, price: Price | None) -> tuple[Line, ...]:
    """Return a line for each day or week; a long span begins with the first week in which something was asked."""
    found = cells.by(lambda key: _name(date.fromisoformat(key.day), weekly))
    nothing = Cells(requests=[], calls=[], waits=[])
    names = dict.fromkeys(_name(day, weekly) for day in _days(first, last))
    begun = min(found, default="") if weekly else ""
    return tuple(line_of(name, found.get(name, nothing), price) for name in names if name >= begun)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _name(day: date, weekly: bool) -> str:
    return (day - timedelta(days=day.weekday()) if weekly else day).isoformat()


def _rows(cells: Cells, price: Price | None) -> tuple[tuple[Key, Line], ...]:
    parts = cells.by(_SEPARATOR.join)
    return tuple((Key(*name.split(_SEPARATOR)), line_of(name, part, price)) for name, part in sorted(parts.items()))
