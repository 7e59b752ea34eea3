"""Requests at the keyboard go first: a scan begins nothing while one is under way."""

import asyncio

from tierwise.core.decision import Decision
from tierwise.core.outcome import Outcome
from tierwise.core.task import Task
from tierwise.engine.observer import Silent

from .finding import FEATURE

LONGEST = 5.0
"""Seconds that one question of a scan steps back at most: somebody who types without end does not stop it for good."""


class Courtesy(Silent):
    """An observer of the engine that knows whether anybody waits for an answer."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._clear = asyncio.Event()
        self._clear.set()

    def decided(self, task: Task, decision: Decision) -> None:
        """Somebody waits from now on, unless it is a scan."""
        if task.feature != FEATURE:
            self._waiting.add(task.id)
            self._clear.clear()

    def finished(self, outcome: Outcome) -> None:
        """Nobody waits for this one any more."""
        self._waiting.discard(outcome.task.id)
        if not self._waiting:
            self._clear.set()

    async def wait(self) -> None:
        """Return when nobody waits, or after ``LONGEST``."""
        try:
            async with asyncio.timeout(LONGEST):
                await self._clear.wait()
        except TimeoutError:
            pass  # a scan that is starved would never end
