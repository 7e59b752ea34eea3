"""What was spent since midnight and since the first of the month, by the scopes that can have a limit."""

from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from .days import day_of, midnight
from .file import reading

Scope = tuple[str, str]
"""``(day | month | feature | workspace, name)``; the name is empty for the former two."""

DAY: Scope = ("day", "")
MONTH: Scope = ("month", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Dollars by scope, all editors' together; ``first`` is when the day's first request was made, in seconds since the
    epoch, or None. Calls of unknown price are in no amount.
    """

    dollars: dict[Scope, float]
    first: float | None = None


def spent(path: Path, now: float) -> Spent:
    """Return what was spent on the local day and in the month that ``now`` (seconds since the epoch) belongs to.

    Raises ``LedgerError``.
    """
    today = day_of(now)
    since, first_of_month = midnight(today), midnight(today.replace(day=1))
    with reading(path) as connection:
        dollars: dict[Scope, float] = {MONTH: _sum(connection, first_of_month), DAY: _sum(connection, since)}
        for column in ("feature", "workspace"):
            for name, amount in connection.execute(
                f"SELECT r.{column}, total(a.cost) + total(a.checks_cost) FROM requests r "  # noqa: S608 - our own names
                f"JOIN attempts a ON a.request = r.id WHERE r.at >= ? GROUP BY r.{column}",
                (since,),
            ):
                dollars[column, name] = amount
        first: float | None = connection.execute("SELECT min(at) FROM requests WHERE at >= ?", (since,)).fetchone()[0]
    return Spent(dollars=dollars, first=first)


def _sum(connection: Connection, since: float) -> float:
    row = connection.execute(
        "SELECT total(a.cost) + total(a.checks_cost) FROM requests r JOIN attempts a ON a.request = r.id "
        "WHERE r.at >= ?",
        (since,),
    ).fetchone()
    amount: float = row[0]
    return amount
