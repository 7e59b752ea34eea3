"""A second model starts when the first is slower than its own habit; the first useful answer wins.

After Dean and Barroso, "The Tail at Scale" (Communications of the ACM, 2013): hedging past the 95th percentile shortens
the tail at about five per cent more requests.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from tierwise.core.exchange import Exchange
from tierwise.core.outcome import Attempt

Hear = Callable[[Exchange], None]
Start = Callable[[Hear], Coroutine[None, None, Attempt]]
"""Begin a call whose answer is told to this listener."""

SHARE = 0.05
"""Of the requests at the keyboard that may be hedged, over time: what a 95th percentile leaves."""
MOST_SAVED = 5.0
"""Hedges in a row after a long time without any."""
SHORTEST_DELAY = 0.1
"""Seconds; a model that is always faster than this needs no help."""


@dataclass(slots=True)
class Allowance:
    """The budget for second calls: each request earns a ``share`` of one."""

    share: float = SHARE
    _saved: float = 1.0

    def earn(self) -> None:
        """Take note of a request that might be hedged."""
        self._saved = min(MOST_SAVED, self._saved + self.share)

    def spend(self) -> bool:
        """Take one hedge from the budget; say whether it was there."""
        if self.share <= 0.0 or self._saved < 1.0:
            return False
        self._saved -= 1.0
        return True


@dataclass(slots=True)
class Race:
    """One request to at most two models; ``hear`` is told of the answer that began first, as long as it may win."""

    hear: Hear
    _spoke: asyncio.Event = field(default_factory=asyncio.Event)
    _leader: int = 0
    _runners: list[asyncio.Task[Attempt]] = field(default_factory=list["asyncio.Task[Attempt]"])

    async def run(self, first: Start, second: Callable[[], Start | None], delay: float) -> Attempt:
        """Return the winner's attempt, or the last to fail; the other's connection is closed by then.

        ``second`` is asked for a start only when the first was silent for ``delay`` seconds.
        """
        try:
            self._begin(first)
            if await self._is_silent(delay):
                start = second()
                if start is not None:
                    self._begin(start)
            return await self._first_useful()
        finally:
            await self._close()

    def _begin(self, start: Start) -> None:
        lane = len(self._runners) + 1

        def listen(exchange: Exchange) -> None:
            self._spoke.set()
            if not self._leader or self._runners[self._leader - 1].done():
                self._leader = lane
            if self._leader == lane:
                self.hear(exchange)

        self._runners.append(asyncio.create_task(start(listen)))

    async def _is_silent(self, delay: float) -> bool:
        spoke = asyncio.create_task(self._spoke.wait())
        try:
            done, _ = await asyncio.wait(
                (spoke, self._runners[0]), timeout=max(delay, SHORTEST_DELAY), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            spoke.cancel()
        return not done

    async def _first_useful(self) -> Attempt:
        under_way = set(self._runners)
        while True:
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            attempts = [runner.result() for runner in done]
            useful = next((attempt for attempt in attempts if attempt.failure is None and attempt.quality > 0), None)
            if useful is not None or not under_way:
                return useful or attempts[-1]

    async def _close(self) -> None:
        for runner in self._runners:
            runner.cancel()
        # Whoever lost books what it has cost on its way out.
        await asyncio.gather(*self._runners, return_exceptions=True)
