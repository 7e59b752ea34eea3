"""What was spent on what, what it would have cost at the frontier, what was wasted, and how long the user waited."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tierwise.core.model import Model, Price
from tierwise.core.reply import Usage

from .cells import CallCell, Cells, Key, count
from .columns import price_of
from .comparison import Comparison, compare
from .file import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Waste:
    """Dollars that brought no answer: calls broken off, calls that failed, and answers the checks turned down."""

    cancelled: float
    failed: float
    rejected: float

    @property
    def total(self) -> float:
        """All of it."""
        return math.fsum((self.cancelled, self.failed, self.rejected))


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds at the median and at the 95th percentile (nearest rank)."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table: everything about one feature, tier, model or day.

    Requests stand with the tier and model that answered them, or were asked last; calls, tokens and money with the one
    that was called. ``cost`` is in dollars, checks included, and leaves out the ``unpriced`` calls, whose price nobody
    told us. ``free`` are answers that needed no call. ``shown`` and ``accepted`` are the requests of which the editor
    told us so. ``frontier`` estimates these requests' cost at the frontier model.
    """

    name: str
    requests: int
    answered: int
    free: int
    calls: int
    unpriced: int
    estimated: int
    usage: Usage
    cost: float
    waste: Waste
    shown: int
    accepted: int
    first_token: Latency | None
    waited: Latency | None
    frontier: float | None

    @property
    def cached(self) -> float | None:
        """The share of the prompts' tokens that were read from the vendors' caches, or None without any tokens."""
        read = self.usage.input + self.usage.cache_read + self.usage.cache_write
        return self.usage.cache_read / read if read else None

    @property
    def acceptance(self) -> float | None:
        """The share of shown answers that the user took, or None where the editor told of none."""
        return self.accepted / self.shown if self.shown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """An estimate: what the same requests would have cost, had the frontier model answered each with one call.

    It counts the tokens of the one call that answered, or was to, at ``price``, prompt cache hits included as they
    happened; rejected tries and triage are not counted, since that world would not have made them. The other model's
    own tokens and answer lengths would differ. ``actual`` is what was really paid, all attempts included, for the same
    requests: those with a call of unknown price are left out on both sides (``unpriced``), those answered ``free``
    count nothing on the frontier's side, since their tokens are not known.
    """

    model: str
    price: Price
    requests: int
    usage: Usage
    cost: float
    actual: float
    free: int
    unpriced: int

    @property
    def saved(self) -> float:
        """Dollars; negative where routing cost more than the frontier model alone would have."""
        return self.cost - self.actual


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One span of time, ``since`` up to ``until`` in seconds since the epoch.

    The lines of each table add up to ``total``. Tables are sorted by cost, the dearest first; ``days`` by date.
    """

    since: float | None
    until: float | None
    total: Line
    features: tuple[Line, ...]
    tiers: tuple[Line, ...]
    models: tuple[Line, ...]
    days: tuple[Line, ...]
    counterfactual: Counterfactual | None
    comparison: Comparison


def report(
    path: Path, *, since: float | None = None, until: float | None = None, frontier: Model | None = None
) -> Report:
    """Add the ledger up; a file that is not there reads as empty. ``frontier`` must have a price to be compared with.

    Raises ``LedgerError``.
    """
    price = frontier.price if frontier else None
    start, end = -math.inf if since is None else since, math.inf if until is None else until
    with reading(path) as connection:
        cells = count(
            connection,
            since=start,
            until=end,
            long_prompt=price.up_to if price and price.up_to is not None else math.inf,
        )
        comparison = compare(connection, since=start, until=end)
    return Report(
        since=since,
        until=until,
        total=_line("total", cells, price),
        features=_dearest_first(cells, lambda key: key.feature, price),
        tiers=_dearest_first(cells, lambda key: key.tier, price),
        models=_dearest_first(cells, lambda key: key.model, price),
        days=tuple(_line(day, part, price) for day, part in sorted(cells.by(lambda key: key.day).items())),
        counterfactual=_counterfactual(cells, frontier.ref, price) if frontier and price else None,
        comparison=comparison,
    )


def latest_model(path: Path, tier: str | None = None) -> Model | None:
    """Return the priced model of this or any tier that was called last, with its price then; raises ``LedgerError``."""
    with reading(path) as connection:
        row = connection.execute(
            "SELECT provider, model, price_input, price_output, price_cache_read, price_cache_write, price_date "
            "FROM attempts WHERE (:tier IS NULL OR tier = :tier) AND called AND price_date IS NOT NULL "
            "AND NOT price_long ORDER BY request DESC, number DESC LIMIT 1",
            {"tier": tier},
        ).fetchone()
    return Model(name=row["model"], provider=row["provider"], price=price_of(row)) if row else None


def _dearest_first(cells: Cells, name: Callable[[Key], str], price: Price | None) -> tuple[Line, ...]:
    lines = (_line(each, part, price) for each, part in cells.by(name).items())
    return tuple(sorted(lines, key=lambda line: (-line.cost, -line.requests, line.name)))


def _line(name: str, cells: Cells, price: Price | None) -> Line:
    return Line(
        name=name,
        requests=sum(cell.requests for cell in cells.requests),
        answered=sum(cell.answered for cell in cells.requests),
        free=_free(cells),
        calls=sum(cell.attempts for cell in cells.calls if cell.called),
        unpriced=sum(cell.unpriced for cell in cells.calls),
        estimated=sum(cell.estimated for cell in cells.calls),
        usage=_usage(cells.calls),
        cost=_paid(cells.calls),
        waste=Waste(
            cancelled=_paid(cell for cell in cells.calls if cell.result == "cancelled"),
            failed=_paid(cell for cell in cells.calls if cell.result == "failed"),
            rejected=_paid(cell for cell in cells.calls if cell.result == "rejected"),
        ),
        shown=sum(cell.shown for cell in cells.requests),
        accepted=sum(cell.accepted for cell in cells.requests),
        first_token=_latency(seconds for cell in cells.waits for seconds in cell.first_tokens),
        waited=_latency(seconds for cell in cells.waits for seconds in cell.totals),
        frontier=_at(price, _comparable(cells)) if price else None,
    )


def _counterfactual(cells: Cells, model: str, price: Price) -> Counterfactual:
    compared = _comparable(cells)
    return Counterfactual(
        model=model,
        price=price,
        requests=sum(cell.attempts for cell in compared),
        usage=_usage(compared),
        cost=_at(price, compared),
        actual=_paid(cell for cell in cells.calls if cell.priced),
        free=_free(cells),
        unpriced=sum(cell.attempts for cell in cells.calls if cell.main and not cell.priced),
    )


def _comparable(cells: Cells) -> list[CallCell]:
    """Return the one call of each request that an all-frontier world would have made too."""
    return [cell for cell in cells.calls if cell.main and cell.called and cell.priced]


def _at(price: Price, cells: Iterable[CallCell]) -> float:
    """Return the dollars of the cells' tokens at this price, at that for long prompts where each call's was long."""
    rates = {long: replace(_rate(price, long), up_to=None, beyond=None) for long in (False, True)}
    return math.fsum(rates[cell.long].of(cell.usage) for cell in cells)


def _rate(price: Price, long: bool) -> Price:
    return price.beyond if long and price.beyond else price


def _free(cells: Cells) -> int:
    return sum(cell.attempts for cell in cells.calls if cell.result == "accepted" and not cell.called)


def _paid(cells: Iterable[CallCell]) -> float:
    return math.fsum(part for cell in cells for part in (cell.cost, cell.checks_cost))


def _usage(cells: Iterable[CallCell]) -> Usage:
    usages = [cell.usage for cell in cells]
    return Usage(
        input=sum(usage.input for usage in usages),
        output=sum(usage.output for usage in usages),
        cache_read=sum(usage.cache_read for usage in usages),
        cache_write=sum(usage.cache_write for usage in usages),
        reasoning=sum(usage.reasoning for usage in usages),
    )


def _latency(seconds: Iterable[float]) -> Latency | None:
    ordered = sorted(seconds)
    return Latency(p50=_rank(ordered, 0.50), p95=_rank(ordered, 0.95)) if ordered else None


def _rank(ordered: list[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]
