"""What is wanted of the learned policy."""

from dataclasses import dataclass
from math import exp, log

from .pace import Pace

DIAL_LOW, DIAL_HIGH = 0.5, 50.0
"""What a solved task is worth at the dial's ends, in calls of the dearest model. Below half a call no dear model is
ever worth asking; above fifty, recorded runs gain nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """The user's wishes and what is known beside the outcomes.

    ``dial`` from 0 (cheap) to 1 (good) says what a solved task is worth in calls of the dearest model; ``calls`` says
    it in such calls, ``worth`` in dollars. ``patience`` is what a second is worth in dollars. ``verifier`` holds the
    known rates of false accepts and false rejects, None where they shall be learned. ``heed_cost``: an attempt's cost
    is evidence of difficulty. ``eager``: decide from the first task on instead of leaving it to the rules until
    ``least`` outcomes are known. ``explore`` is the share of decisions that try another cheap model first. ``failure``
    and ``confidence`` are the promise for answers that nothing verifies.
    """

    dial: float = 0.5
    calls: float | None = None
    worth: float | None = None
    patience: float = 0.0
    verifier: tuple[float, float] | None = None
    heed_cost: bool = True
    accept_at: float = 0.8
    eager: bool = False
    least: float = 30.0
    explore: float = 0.0
    failure: float = 0.05
    confidence: float = 0.95
    seed: int = 0

    def worth_of_task(self, dearest: float, pace: Pace | None) -> float:
        """Return what a solved task is worth in dollars where the dearest model's call costs ``dearest``."""
        worth = self.worth
        if worth is None:
            calls = self.calls
            if calls is None:
                calls = exp(log(DIAL_LOW) + self.dial * (log(DIAL_HIGH) - log(DIAL_LOW)))
            worth = calls * dearest
        return worth if pace is None else pace.eased(worth)
