"""The clock that typing, waiting and remembering go by; a faster one lets hours of work be tried in minutes."""

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Seconds, ``speed`` of them to each that passes."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._epoch = time.time()

    def now(self) -> float:
        """Return the seconds since this clock was made."""
        return (time.monotonic() - self._began) * self._speed

    def date(self) -> float:
        """Return the moment as seconds since the epoch."""
        return self._epoch + self.now()

    def lasts(self, seconds: float) -> float:
        """Return how long so many of its seconds take."""
        return seconds / self._speed

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(self.lasts(seconds))

    def later(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        """Call after so many seconds, unless it is cancelled before."""
        return asyncio.get_running_loop().call_later(self.lasts(seconds), call)
