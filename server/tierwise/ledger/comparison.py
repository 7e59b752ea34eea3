"""Estimates beside what was really paid: what free answers spared, what one model alone would have cost, and what was
paid for answers that nobody saw or wanted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection, Row

from tierwise.core.model import Price

from .columns import price_of, usage_of

LOCAL = "local"

FEWEST = 20
"""Answers a model must have tried to give before it is compared with others: below, its share says little."""

AS_GOOD = 0.02
"""By how much a model's share of accepted answers may lie below the best one's and still count as equally good: about
the standard error of a share of 0.9 in 200."""

_MAIN = """
    SELECT r.feature, r.kind, a.tier = 'local' AS local, a.called, count(*) AS answers, total(a.cost) AS cost
    FROM requests r JOIN attempts a ON a.request = r.id AND a.number = r.main
    WHERE r.at >= :since AND r.at < :until AND a.result = 'accepted' AND a.cost IS NOT NULL
    GROUP BY r.feature, r.kind, local, a.called
"""

_TRIES = """
    SELECT a.provider || '/' || a.model AS model, count(*) AS tries, sum(a.result = 'accepted') AS accepted
    FROM requests r JOIN attempts a ON a.request = r.id
    WHERE r.at >= :since AND r.at < :until AND a.role = 'answer' AND a.called AND a.result IN ('accepted', 'rejected')
    GROUP BY a.provider, a.model
"""

_PRICES = """
    SELECT provider || '/' || model AS model, price_input, price_output, price_cache_read, price_cache_write, price_date
    FROM attempts WHERE price_date IS NOT NULL AND NOT price_long AND called ORDER BY request, number
"""

_ANSWERS = """
    SELECT total(a.input) AS input, total(a.output) AS output, total(a.cache_read) AS cache_read,
           total(a.cache_write) AS cache_write, total(a.reasoning) AS reasoning
    FROM requests r JOIN attempts a ON a.request = r.id AND a.number = r.main
    WHERE r.at >= :since AND r.at < :until AND r.priced AND a.called
"""

_UNWANTED = """
    SELECT total(CASE WHEN f.seen IS NULL THEN a.cost END) AS unseen,
           total(CASE WHEN f.taken = 0 AND f.turned_down THEN a.cost END) AS declined
    FROM requests r JOIN attempts a ON a.request = r.id AND a.number = r.main
    LEFT JOIN (
        SELECT task, max(signal IN ('shown', 'accepted', 'partial', 'rejected')) AS seen,
               max(signal IN ('accepted', 'partial')) AS taken, max(signal = 'rejected') AS turned_down
        FROM feedback GROUP BY task
    ) f ON f.task = r.task
    WHERE r.at >= :since AND r.at < :until AND a.result = 'accepted' AND a.called
      AND r.feature IN (SELECT DISTINCT q.feature FROM requests q JOIN feedback g ON g.task = q.task
                        WHERE g.signal IN ('shown', 'accepted', 'partial', 'rejected'))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """Answers that needed no call, and dollars they spared by our estimate: what the paid answers of the same feature
    and kind cost on average. ``unknown`` are those of which none was paid for, so that nothing can be said.
    """

    answers: int
    cost: float
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One model for everything, an estimate: the tokens of the calls that answered, at its price.

    ``accepted`` is the share of its own answers that passed their checks, of ``tries``.
    """

    model: str
    price: Price
    cost: float
    accepted: float
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwanted:
    """Dollars paid for answers that passed their checks and were never seen, or were turned down by the user; only of
    features whose editors tell what they show.
    """

    unseen: float
    declined: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``local`` are answers of the workspace itself, ``kept`` those given again; ``single`` is the best one model: the
    cheapest of those whose answers passed as often as any's, None before a model was tried often enough.
    """

    local: Spared
    kept: Spared
    single: Single | None
    unwanted: Unwanted


def compare(connection: Connection, *, since: float, until: float) -> Comparison:
    """Add up the requests that began in ``[since, until)``, seconds since the epoch."""
    span = {"since": since, "until": until}
    main = connection.execute(_MAIN, span).fetchall()
    unwanted = connection.execute(_UNWANTED, span).fetchone()
    return Comparison(
        local=_spared(main, local=True),
        kept=_spared(main, local=False),
        single=_best(_singles(connection, span)),
        unwanted=Unwanted(unseen=unwanted["unseen"], declined=unwanted["declined"]),
    )


def _spared(rows: Iterable[Row], *, local: bool) -> Spared:
    rows = list(rows)
    paid: dict[tuple[str, str], tuple[int, float]] = {}
    for row in rows:
        if row["called"]:
            answers, cost = paid.get((row["feature"], row["kind"]), (0, 0.0))
            paid[row["feature"], row["kind"]] = answers + row["answers"], cost + row["cost"]
    answers, unknown, spared = 0, 0, 0.0
    for row in rows:
        if row["called"] or bool(row["local"]) is not local:
            continue
        answers += row["answers"]
        calls, cost = paid.get((row["feature"], row["kind"]), (0, 0.0))
        if calls:
            spared += row["answers"] * cost / calls
        else:
            unknown += row["answers"]
    return Spared(answers=answers, cost=spared, unknown=unknown)


def _singles(connection: Connection, span: dict[str, float]) -> list[Single]:
    prices = {row["model"]: price_of(row) for row in connection.execute(_PRICES)}
    usage = usage_of(connection.execute(_ANSWERS, span).fetchone())
    found: list[Single] = []
    for row in connection.execute(_TRIES, span):
        price = prices.get(row["model"])
        if price is not None and row["tries"] >= FEWEST:
            share = row["accepted"] / row["tries"]
            cost = price.of(usage)
            found.append(Single(model=row["model"], price=price, cost=cost, accepted=share, tries=row["tries"]))
    return found


def _best(singles: list[Single]) -> Single | None:
    best = max((single.accepted for single in singles), default=0.0)
    good = [single for single in singles if single.accepted >= best - AS_GOOD]
    return min(good, key=lambda single: (single.cost, single.model), default=None)
