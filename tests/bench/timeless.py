"""An event loop whose clock jumps to the next event instead of waiting for it: hours of typing in seconds, and the same
figures on every machine, however busy it is. Only for what runs in one thread and waits for nothing outside.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tierwise.features.suggestions.clock import Clock

T = TypeVar("T")


class LoopClock(Clock):
    """The loop's own time."""

    def now(self) -> float:
        """Return the loop's seconds."""
        return asyncio.get_running_loop().time()


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: a wait is added to the time."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready now, or let the time pass."""
        ready = super().select(0)
        if not ready and timeout:
            self.passed += timeout
        return ready


class _Timeless(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end."""
    with asyncio.Runner(loop_factory=_Timeless) as runner:
        return runner.run(work())
