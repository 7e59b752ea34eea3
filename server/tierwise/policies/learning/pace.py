"""Keeps spending near a budget by raising the price of money: lambda follows how far spending runs ahead."""

from dataclasses import dataclass

STEP = 0.1
"""How fast lambda follows: an hour at twice the budget's rate, told of once a minute, raises it sevenfold."""

MOST = 10.0
"""One dear answer after a long silence must not end all spending: no report counts as more than this times the rate."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """``rate`` is the budget in dollars per second; ``base`` is lambda without pressure, in solved tasks per dollar,
    and ``extra`` what it has gained; ``at`` is when spending was last told of, in seconds since the epoch.
    """

    rate: float
    base: float
    extra: float = 0.0
    at: float | None = None

    def spent(self, dollars: float, at: float) -> None:
        """Take in dollars spent since the last call: ``lambda <- max(0, lambda + step (spent / due - 1))``."""
        due = self.rate * (at - self.at) if self.at is not None else 0.0
        self.at = at
        if due > 0.0:
            self.extra = max(0.0, self.extra + STEP * self.base * min(MOST, dollars / due - 1.0))

    @property
    def worth(self) -> float:
        """What a solved task may cost, in dollars, at the present pace."""
        return 1.0 / (self.base + self.extra)
