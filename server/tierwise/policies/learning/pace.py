"""Keeps spending near a budget by raising the price of money: lambda follows how far spending runs ahead."""

from dataclasses import dataclass

STEP = 0.1
"""How fast lambda follows: a minute's budget spent too much raises it by a tenth of its usual value, so that an hour at
twice the budget's rate makes money seven times as dear; a minute without spending lowers it by as much."""

MINUTE = 60.0

MOST = 10.0
"""One dear answer must not end all spending: none counts as more than so many minutes' budget."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """``rate`` is the budget in dollars per second; ``pressure`` is what lambda has gained, as a share of its usual
    value; ``at`` is when spending was last told of, in seconds since the epoch.
    """

    rate: float
    pressure: float = 0.0
    at: float | None = None

    def spent(self, dollars: float, at: float) -> None:
        """Take in dollars spent since the last call: ``lambda <- max(0, lambda + step (spent - due))``."""
        if self.rate > 0.0:
            due = (at - self.at) / MINUTE if self.at is not None else 0.0
            minutes = min(MOST, dollars / (self.rate * MINUTE))
            self.pressure = max(0.0, self.pressure + STEP * (minutes - max(0.0, due)))
        self.at = at

    def eased(self, worth: float) -> float:
        """Return what a solved task may cost at the present pace where it is usually worth so much, in dollars."""
        return worth / (1.0 + self.pressure)
