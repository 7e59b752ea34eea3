"""The ledger added up by SQLite into cells, fine enough for every table of the report to be put together from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from sqlite3 import Connection, Cursor, Row
from typing import NamedTuple, TypeVar

from tierwise.core.reply import Usage

from .columns import usage_of

REQUESTS = """
    SELECT r.day, r.feature, r.kind, r.tier, r.model,
           count(*) AS requests, sum(r.answered) AS answered,
           coalesce(sum(f.shown), 0) AS shown, coalesce(sum(f.accepted), 0) AS accepted
    FROM requests r
    LEFT JOIN (
        SELECT task, max(signal IN ('shown', 'accepted', 'partial', 'rejected')) AS shown,
               max(signal IN ('accepted', 'partial')) AS accepted
        FROM feedback GROUP BY task
    ) f ON f.task = r.task
    WHERE r.at >= :since AND r.at < :until AND r.policy NOT IN ('refresh', 'shadow')
    GROUP BY r.day, r.feature, r.kind, r.tier, r.model
"""

CALLS = """
    SELECT r.day, r.feature, r.kind, a.tier, a.provider || '/' || a.model AS model,
           a.result, a.called, a.number = r.main AS is_main, r.priced,
           a.input + a.cache_read + a.cache_write > :long_prompt AS long,
           count(*) AS attempts, sum(a.cost IS NULL) AS unpriced, sum(a.estimated) AS estimated,
           total(a.cost) AS cost, total(a.checks_cost) AS checks_cost,
           sum(a.input) AS input, sum(a.output) AS output, sum(a.cache_read) AS cache_read,
           sum(a.cache_write) AS cache_write, sum(a.reasoning) AS reasoning
    FROM requests r JOIN attempts a ON a.request = r.id
    WHERE r.at >= :since AND r.at < :until
    GROUP BY r.day, r.feature, r.kind, a.tier, a.provider, a.model, a.result, a.called, is_main, r.priced, long
"""

WAITS = """
    SELECT r.day, r.feature, r.kind, r.tier, r.model, r.first_token, r.waited
    FROM requests r WHERE r.at >= :since AND r.at < :until AND r.answered
"""


class Key(NamedTuple):
    """What a cell is about; ``tier`` and ``model`` are empty for requests that no model was asked for."""

    day: str
    feature: str
    kind: str
    tier: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCell:
    """Requests of one key; ``shown`` and ``accepted`` are those the editor told us so of."""

    key: Key
    requests: int
    answered: int
    shown: int
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCell:
    """Attempts of one key and one end; costs in dollars leave out the ``unpriced`` attempts.

    ``called`` is false for answers without a call, ``main`` is true for the attempt that stands for its request,
    ``priced`` for requests whose attempts' prices are all known, ``long`` for prompts past the limit that was asked
    for; ``estimated`` counts calls whose tokens are our own estimate.
    """

    key: Key
    result: str
    called: bool
    main: bool
    priced: bool
    long: bool
    attempts: int
    unpriced: int
    estimated: int
    cost: float
    checks_cost: float
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitCell:
    """Seconds that the users of the answered requests of one key waited."""

    key: Key
    first_tokens: list[float]
    totals: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """All cells of a span of time, or of a part of it."""

    requests: list[RequestCell]
    calls: list[CallCell]
    waits: list[WaitCell]

    def by(self, name: Callable[[Key], str]) -> dict[str, "Cells"]:
        """Return the cells split by a part of their key."""
        requests, calls, waits = _split(self.requests, name), _split(self.calls, name), _split(self.waits, name)
        return {
            each: Cells(requests=requests.get(each, []), calls=calls.get(each, []), waits=waits.get(each, []))
            for each in {*requests, *calls}
        }


def count(connection: Connection, *, since: float, until: float, long_prompt: float) -> Cells:
    """Return the cells of the requests that began in ``[since, until)``, seconds since the epoch.

    A prompt is long past ``long_prompt`` tokens, cached ones included.
    """
    span = {"since": since, "until": until, "long_prompt": long_prompt}
    return Cells(
        requests=[_request_cell(row) for row in connection.execute(REQUESTS, span)],
        calls=[_call_cell(row) for row in connection.execute(CALLS, span)],
        waits=_wait_cells(connection.execute(WAITS, span)),
    )


def _request_cell(row: Row) -> RequestCell:
    return RequestCell(
        key=Key(*row[:5]),
        requests=row["requests"],
        answered=row["answered"],
        shown=row["shown"],
        accepted=row["accepted"],
    )


def _call_cell(row: Row) -> CallCell:
    return CallCell(
        key=Key(*row[:5]),
        result=row["result"],
        called=bool(row["called"]),
        main=bool(row["is_main"]),
        priced=bool(row["priced"]),
        long=bool(row["long"]),
        attempts=row["attempts"],
        unpriced=row["unpriced"],
        estimated=row["estimated"],
        cost=row["cost"],
        checks_cost=row["checks_cost"],
        usage=usage_of(row),
    )


def _wait_cells(rows: Cursor) -> list[WaitCell]:
    cells: dict[tuple[str, ...], WaitCell] = {}
    rows.row_factory = None  # plain tuples: there is one for each request
    for *key, first_token, total in rows:
        cell = cells.get(tuple(key))
        if cell is None:
            cell = cells[tuple(key)] = WaitCell(key=Key(*key), first_tokens=[], totals=[])
        if first_token is not None:
            cell.first_tokens.append(first_token)
        cell.totals.append(total)
    return list(cells.values())


_Cell = TypeVar("_Cell", RequestCell, CallCell, WaitCell)


def _split(cells: Iterable[_Cell], name: Callable[[Key], str]) -> dict[str, list[_Cell]]:
    parts: dict[str, list[_Cell]] = {}
    for cell in cells:
        parts.setdefault(name(cell.key), []).append(cell)
    return parts
