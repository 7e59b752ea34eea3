"""How long an answer may take, and what is said of one that takes longer."""

import asyncio
from dataclasses import dataclass

from tierwise.core.reply import Failure, FailureKind
from tierwise.core.task import Task

from .detour import UNASKED

STALL = 2.0
"""Seconds of silence in the middle of an answer after which it is given up where an editor asked by itself: vendors
stream tens of tokens a second."""
LONG_STALL = 15.0
"""Seconds where the user chose an action and would rather wait: a gateway that buffers may pause that long."""


@dataclass(slots=True)
class Patience:
    """How long an answer may take: to the deadline as a whole, and for ``stall`` seconds between two pieces."""

    deadline: float | None
    stall: float
    limit: asyncio.Timeout | None = None

    def renew(self) -> None:
        """A piece came."""
        if self.limit is not None and not self.limit.expired():
            until = asyncio.get_running_loop().time() + self.stall
            self.limit.reschedule(until if self.deadline is None else min(until, self.deadline))

    def failure(self, model: str, feature: str) -> Failure:
        """Return what to say of the model when the limit has struck: that the time is over, or that it fell silent."""
        over = self.deadline is not None and asyncio.get_running_loop().time() >= self.deadline
        return late(model, feature) if over else _stalled(model, self.stall)


def stall(task: Task) -> float:
    """Return how many seconds an answer may pause."""
    return STALL if task.feature in UNASKED else LONG_STALL


def late(model: str, feature: str) -> Failure:
    """Return the failure of an answer that had not come when its time was over."""
    message = f"{model} did not answer before the deadline of {feature}."
    return Failure(kind=FailureKind.TIMEOUT, message=message)


def _stalled(model: str, seconds: float) -> Failure:
    """Return the failure of an answer that began and did not go on."""
    message = f"{model} stopped in the middle of its answer and said nothing more for {seconds:g} s."
    return Failure(kind=FailureKind.TIMEOUT, message=message)
