"""What was spent on what, what it would have cost at the frontier, what was wasted, and how long the user waited."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tierwise.core.model import Model, Price
from tierwise.core.reply import Usage

from .cells import Cells, Key, count
from .columns import price_of
from .comparison import Comparison, compare
from .file import reading
from .lines import Line, at_price, comparable, free_in, line_of, paid_for, usage_in


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
    kinds: tuple[Line, ...]
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
        cells = count(connection, since=start, until=end, long_prompt=_long(price))
        comparison = compare(connection, since=start, until=end)
    return Report(
        since=since,
        until=until,
        total=line_of("total", cells, price),
        features=_dearest_first(cells, lambda key: key.feature, price),
        kinds=_dearest_first(cells, lambda key: key.kind, price),
        tiers=_dearest_first(cells, lambda key: key.tier, price),
        models=_dearest_first(cells, lambda key: key.model, price),
        days=tuple(line_of(day, part, price) for day, part in sorted(cells.by(lambda key: key.day).items())),
        counterfactual=_counterfactual(cells, frontier),
        comparison=comparison,
    )


def brief(path: Path, *, since: float, frontier: Model | None = None) -> tuple[Line, Counterfactual | None]:
    """Return the total since then and its comparison alone, without reading anything older; raises ``LedgerError``."""
    price = frontier.price if frontier else None
    with reading(path) as connection:
        cells = count(connection, since=since, until=math.inf, long_prompt=_long(price))
    return line_of("total", cells, price), _counterfactual(cells, frontier)


def by_model(path: Path, *, since: float) -> dict[str, Line]:
    """Return a line for each model that was asked since then, by ``provider/name``; raises ``LedgerError``."""
    with reading(path) as connection:
        cells = count(connection, since=since, until=math.inf, long_prompt=math.inf)
    return {name: line_of(name, part, None) for name, part in cells.by(lambda key: key.model).items()}


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
    lines = (line_of(each, part, price) for each, part in cells.by(name).items())
    return tuple(sorted(lines, key=lambda line: (-line.cost, -line.requests, line.name)))


def _long(price: Price | None) -> float:
    """Return the tokens past which a prompt costs more."""
    return price.up_to if price and price.up_to is not None else math.inf


def _counterfactual(cells: Cells, frontier: Model | None) -> Counterfactual | None:
    price = frontier.price if frontier else None
    if frontier is None or price is None:
        return None
    compared = comparable(cells)
    return Counterfactual(
        model=frontier.ref,
        price=price,
        requests=sum(cell.attempts for cell in compared),
        usage=usage_in(compared),
        cost=at_price(price, compared),
        actual=paid_for(cell for cell in cells.calls if cell.priced),
        free=free_in(cells),
        unpriced=sum(cell.attempts for cell in cells.calls if cell.main and not cell.priced),
    )
