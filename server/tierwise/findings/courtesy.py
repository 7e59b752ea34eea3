"""Requests at the keyboard go first: a scan begins nothing while one is under way, and its threads pause."""

import asyncio
import threading

from tierwise.core.decision import Decision
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.task import Task

from .finding import FEATURE

LONGEST = 5.0
"""Seconds that one question of a scan steps back at most: somebody who types without end does not stop it for good."""
BRIEF = 0.5
"""The same for what an answer brings, which somebody may wait to see."""
MOMENT = 0.1
"""The same for a thread between two files."""


class Courtesy:
    """An observer of the engine that knows whether anybody waits for an answer.

    It is no heir of the engine's: this room is imported while a thread imports that one, and two threads that import a
    package and a module of it from both ends lock each other out.
    """

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._clear = asyncio.Event()
        self._clear.set()
        self._quiet = threading.Event()
        self._quiet.set()

    def decided(self, task: Task, decision: Decision) -> None:
        """Somebody waits from now on, unless it is a scan."""
        if task.feature != FEATURE:
            self._waiting.add(task.id)
            self._clear.clear()
            self._quiet.clear()

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """Nothing."""

    def tried(self, task: Task, attempt: Attempt) -> None:
        """Nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Nobody waits for this one any more."""
        self._waiting.discard(outcome.task.id)
        if not self._waiting:
            self._clear.set()
            self._quiet.set()

    def pause(self) -> None:
        """Return when nobody waits, or after a ``MOMENT``; for threads."""
        self._quiet.wait(MOMENT)

    async def wait(self, longest: float | None = None) -> None:
        """Return when nobody waits, or after so many seconds, ``LONGEST`` without a number."""
        try:
            async with asyncio.timeout(LONGEST if longest is None else longest):
                await self._clear.wait()
        except TimeoutError:
            pass  # a scan that is starved would never end
