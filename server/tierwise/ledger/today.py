"""What the local day has cost so far, kept while a server runs: begun from the ledger, begun anew at midnight."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Outcome

from .days import day_of, midnight
from .report import brief
from .rows import is_called, main_of


@dataclass(slots=True)
class Today:
    """Running sums; ``clock`` is seconds since the epoch.

    ``spent`` is in dollars, checks included; ``unpriced`` counts the calls that are not in it, since their price is not
    known. ``saved`` estimates the dollars spared against ``frontier`` for everything, as a report's ``Counterfactual``
    does; None where the model to compare with is not known.
    """

    clock: Callable[[], float] = time.time
    frontier: Model | None = None
    spent: float = 0.0
    unpriced: int = 0
    saved: float | None = None
    _day: date = date.min

    def __post_init__(self) -> None:
        self.turn()

    @classmethod
    def read(cls, ledger: Path | None, frontier: Model | None, clock: Callable[[], float] = time.time) -> "Today":
        """Return the day as the ledger has it, all editors' together; raises ``LedgerError``."""
        today = cls(clock=clock, frontier=frontier)
        if ledger is not None:
            total, compared = brief(ledger, since=midnight(today._day), frontier=frontier)
            today.spent, today.unpriced = total.cost, total.unpriced
            today.saved = compared.saved if compared else today.saved
        return today

    def turn(self) -> bool:
        """Begin anew where midnight has passed, and return whether it has."""
        day = day_of(self.clock())
        if day == self._day:
            return False
        self._day = day
        self.spent, self.unpriced = 0.0, 0
        self.saved = 0.0 if self.frontier and self.frontier.price else None
        return True

    def add(self, outcome: Outcome) -> None:
        """Count what a task has cost; one that began before midnight counts for the day on which it ended."""
        self.turn()
        attempts = outcome.attempts
        costs = [attempt.cost for attempt in attempts]
        checks = sum(verdict.cost for attempt in attempts for verdict in attempt.verdicts)
        paid = sum(cost for cost in costs if cost is not None) + checks
        self.spent += paid
        self.unpriced += costs.count(None)
        if self.saved is not None and None not in costs:
            self.saved += self._at_frontier(attempts) - paid

    def _at_frontier(self, attempts: tuple[Attempt, ...]) -> float:
        """Return the dollars of the one call that an all-frontier world would have made too."""
        main = main_of(attempts)
        price = self.frontier.price if self.frontier else None
        if main is None or price is None or not is_called(attempts[main]):
            return 0.0
        return price.of(attempts[main].usage)
