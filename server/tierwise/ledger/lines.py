"""A line of a table: cells added up into counts, money, waste and waits."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tierwise.core.model import Price
from tierwise.core.reply import Usage

from .cells import CallCell, Cells


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
    """Seconds at the median and at the 90th and 95th percentiles (nearest rank)."""

    p50: float
    p90: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table: everything about one feature, kind of task, tier, model or day.

    Requests stand with the tier and model that answered them, or were asked last; calls, tokens and money with the one
    that was called. ``cost`` is in dollars, checks included, and leaves out the ``unpriced`` calls, whose price nobody
    told us. ``free`` are answers that needed no call. ``shown`` and ``accepted`` are the requests of which the editor
    told us so. ``frontier`` estimates these requests' cost at the frontier model, ``saved`` by how much that is above
    what was paid for those of known price; both are None without a model to compare with.
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
    saved: float | None

    @property
    def cached(self) -> float | None:
        """The share of the prompts' tokens that were read from the vendors' caches, or None without any tokens."""
        read = self.usage.input + self.usage.cache_read + self.usage.cache_write
        return self.usage.cache_read / read if read else None

    @property
    def acceptance(self) -> float | None:
        """The share of shown answers that the user took, or None where the editor told of none."""
        return self.accepted / self.shown if self.shown else None


def line_of(name: str, cells: Cells, price: Price | None) -> Line:
    """Return the line that the cells add up to; ``price`` is the frontier model's."""
    frontier = at_price(price, comparable(cells)) if price else None
    return Line(
        name=name,
        requests=sum(cell.requests for cell in cells.requests),
        answered=sum(cell.answered for cell in cells.requests),
        free=free_in(cells),
        calls=sum(cell.attempts for cell in cells.calls if cell.called),
        unpriced=sum(cell.unpriced for cell in cells.calls),
        estimated=sum(cell.estimated for cell in cells.calls),
        usage=usage_in(cells.calls),
        cost=paid_for(cells.calls),
        waste=Waste(
            cancelled=paid_for(cell for cell in cells.calls if cell.result == "cancelled"),
            failed=paid_for(cell for cell in cells.calls if cell.result == "failed"),
            rejected=paid_for(cell for cell in cells.calls if cell.result == "rejected"),
        ),
        shown=sum(cell.shown for cell in cells.requests),
        accepted=sum(cell.accepted for cell in cells.requests),
        first_token=latency_of(seconds for cell in cells.waits for seconds in cell.first_tokens),
        waited=latency_of(seconds for cell in cells.waits for seconds in cell.totals),
        frontier=frontier,
        saved=frontier - paid_for(cell for cell in cells.calls if cell.priced) if frontier is not None else None,
    )


def comparable(cells: Cells) -> list[CallCell]:
    """Return the one call of each request that an all-frontier world would have made too."""
    return [cell for cell in cells.calls if cell.main and cell.called and cell.priced]


def at_price(price: Price, cells: Iterable[CallCell]) -> float:
    """Return the dollars of the cells' tokens at this price, at that for long prompts where each call's was long."""
    rates = {long: replace(_rate(price, long), up_to=None, beyond=None) for long in (False, True)}
    return math.fsum(rates[cell.long].of(cell.usage) for cell in cells)


def _rate(price: Price, long: bool) -> Price:
    return price.beyond if long and price.beyond else price


def free_in(cells: Cells) -> int:
    """Return how many answers needed no call."""
    return sum(cell.attempts for cell in cells.calls if cell.result == "accepted" and not cell.called)


def paid_for(cells: Iterable[CallCell]) -> float:
    """Return the dollars that were paid, checks included, as far as prices are known."""
    return math.fsum(part for cell in cells for part in (cell.cost, cell.checks_cost))


def usage_in(cells: Iterable[CallCell]) -> Usage:
    """Return all tokens of the cells."""
    usages = [cell.usage for cell in cells]
    return Usage(
        input=sum(usage.input for usage in usages),
        output=sum(usage.output for usage in usages),
        cache_read=sum(usage.cache_read for usage in usages),
        cache_write=sum(usage.cache_write for usage in usages),
        reasoning=sum(usage.reasoning for usage in usages),
    )


def latency_of(seconds: Iterable[float]) -> Latency | None:
    """Return how long was waited, or None where nobody waited."""
    ordered = sorted(seconds)
    return Latency(p50=_rank(ordered, 0.50), p90=_rank(ordered, 0.90), p95=_rank(ordered, 0.95)) if ordered else None


def _rank(ordered: list[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]
