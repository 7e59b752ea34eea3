"""Newest wins: a request that a newer one of its kind overtakes is answered empty and its work is cancelled."""

import asyncio
from collections.abc import Awaitable, Hashable
from typing import TypeVar

Value = TypeVar("Value")


class Newest:
    """At most one piece of work per key, always the latest."""

    def __init__(self) -> None:
        self._running: dict[Hashable, _Turn] = {}

    async def run(self, key: Hashable, empty: Value, work: Awaitable[Value]) -> Value:
        """Cancel what runs under the key, then return what ``work`` returns, or ``empty`` when overtaken itself.

        Cancelling cancels the task at its ``await``, and so closes the connection it waits on. A cancellation by the
        client is not swallowed.
        """
        older = self._running.get(key)
        if older is not None:
            older.overtake()
        turn = self._running[key] = _Turn()
        try:
            result = await work
        except asyncio.CancelledError:
            if turn.overtaken and turn.task.uncancel() == 0:
                return empty
            raise
        else:
            if turn.overtaken:  # the work kept its cancellation to itself
                turn.task.uncancel()
                return empty
            return result
        finally:
            if self._running.get(key) is turn:
                del self._running[key]


class _Turn:
    __slots__ = ("overtaken", "task")

    def __init__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "only a coroutine that runs in a task can take a turn"
        self.task = task
        self.overtaken = False

    def overtake(self) -> None:
        self.overtaken = True
        self.task.cancel()
