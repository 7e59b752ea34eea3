"""What today has cost and has saved, and what is left of the budget, as ``tierwise/status`` tells it."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tierwise.core.outcome import Outcome

from .house import Books, House

if TYPE_CHECKING:
    from tierwise.ledger.today import Today

log = logging.getLogger(__name__)

PLACES = 9
"""Decimals of a dollar that are told: a token costs a hundred times that at least."""


class Bill:
    """Follows what is spent; ``clock`` is seconds since the epoch."""

    def __init__(self, house: House, clock: Callable[[], float] = time.time) -> None:
        self._house = house
        self._clock = clock
        self._today: Today | None = None
        self._books: Books | None = None
        self._finished = 0

    async def open(self) -> None:
        """Take over what the ledger says, and the limits in force."""
        self._books = books = await self._house.books()
        if self._today is not None and books.ledger is None:
            return
        while True:
            # What ends while the ledger is read may or may not be in it: then it is read again.
            finished = self._finished
            today = await asyncio.to_thread(self._read, books)
            if finished == self._finished:
                break
        self._today = today

    def finished(self, outcome: Outcome) -> None:
        """Count what a task has cost; before the ledger was read, it is in there."""
        self._finished += 1
        if self._today is not None:
            self._today.add(outcome)

    @property
    def is_begun(self) -> bool:
        """Whether there is any figure that midnight changes."""
        told = self.told()
        budget: Mapping[str, Mapping[str, float] | None] = told.pop("budget")
        return any(told.values()) or any(one is not None and one["spent"] for one in budget.values())

    def left(self) -> float:
        """Return the seconds until midnight."""
        from tierwise.ledger.days import day_of, midnight

        now = self._clock()
        return midnight(day_of(now) + timedelta(days=1)) - now

    def told(self) -> dict[str, Any]:
        """Return it as plain JSON values, begun anew where midnight has passed."""
        today = self._today
        if today is not None:
            today.turn()
        return {
            "costToday": round(today.spent, PLACES) if today else 0.0,
            "savedToday": round(today.saved, PLACES) if today and today.saved is not None else None,
            "unpricedCalls": today.unpriced if today else 0,
            "budget": self._budget(),
        }

    def _budget(self) -> dict[str, Any]:
        from tierwise.ledger.spent import DAY, MONTH

        told: dict[str, Any] = {"day": None, "month": None}
        if self._books is not None:
            budget = self._books.budget
            for scope in (DAY, MONTH):
                limit = budget.limits.by_scope.get(scope)
                if limit is not None:
                    told[scope[0]] = {"spent": round(budget.spending.of(scope), PLACES), "limit": limit}
        return told

    def _read(self, books: Books) -> "Today":
        from tierwise.ledger.file import LedgerError
        from tierwise.ledger.today import Today

        try:
            return Today.read(books.ledger, books.frontier(), self._clock)
        except LedgerError as error:
            log.warning("today's cost counts from now on only: %s", error)
            return Today(self._clock)
