"""What was spent, by the scopes that can have a limit: kept in memory, corrected from the ledger now and then."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tierwise.core.outcome import Outcome
from tierwise.core.task import Task
from tierwise.ledger.rows import workspace_of
from tierwise.ledger.spent import DAY, MONTH, Scope, Spent


@dataclass(slots=True)
class Spending:
    """Running sums. ``clock`` is seconds since the epoch."""

    clock: Callable[[], float] = time.time
    _dollars: dict[Scope, float] = field(default_factory=dict[Scope, float])
    _day: str = ""
    first: float | None = None

    def of(self, scope: Scope) -> float:
        """Return the dollars spent in the scope since its period began."""
        self._turn()
        return self._dollars.get(scope, 0.0)

    def add(self, outcome: Outcome) -> None:
        """Count what a task has cost, as far as prices are known."""
        cost = sum((attempt.cost or 0.0) + sum(v.cost for v in attempt.verdicts) for attempt in outcome.attempts)
        if not outcome.attempts:
            return
        self._turn()
        if self.first is None:
            self.first = min(attempt.started for attempt in outcome.attempts)
        for scope in scopes(outcome.task):
            self._dollars[scope] = self._dollars.get(scope, 0.0) + cost

    def correct(self, spent: Spent) -> None:
        """Take over what the ledger says; what this process has spent meanwhile is never forgotten for less."""
        self._turn()
        for scope, dollars in spent.dollars.items():
            self._dollars[scope] = max(dollars, self._dollars.get(scope, 0.0))
        if spent.first is not None:
            self.first = min(spent.first, self.first or spent.first)

    def _turn(self) -> None:
        """Begin anew at midnight, and with the month on its first day."""
        today = time.strftime("%Y-%m-%d", time.localtime(self.clock()))
        if today == self._day:
            return
        if self._day:
            month = self._dollars.get(MONTH, 0.0) if today[:7] == self._day[:7] else 0.0
            self._dollars = {MONTH: month}
            self.first = None
        self._day = today


def scopes(task: Task) -> tuple[Scope, ...]:
    """Return the scopes that a task's cost counts in."""
    return (DAY, MONTH, ("feature", task.feature), ("workspace", workspace_of(task)))
