"""Work that follows what happens, at most so often; while nothing happens there is no timer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Seldom:
    """``work`` is begun once something has stirred, and again no sooner than ``every`` seconds after it ended."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]], every: float) -> None:
        self._work = work
        self._every = every
        self._stirred = False
        self._following: asyncio.Task[None] | None = None

    def stir(self) -> None:
        """Take note that there is something to follow; returns at once."""
        self._stirred = True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())

    def stop(self) -> None:
        """Follow nothing more; what is under way is broken off."""
        if self._following is not None:
            self._following.cancel()

    async def _follow(self) -> None:
        while self._stirred:
            self._stirred = False
            await self._work()
            await asyncio.sleep(self._every)
