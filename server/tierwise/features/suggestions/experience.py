"""How long models take and what their answers cost, as it has been."""

from collections.abc import Iterable
from dataclasses import dataclass

from tierwise.core.model import Model
from tierwise.core.outcome import Attempt
from tierwise.core.reply import Usage

IN_PROCESS = "local"
"""The provider that answers inside the server: it costs neither money nor time."""

_SHARE = 0.2
"""Weight of one call: about the last ten count."""
_USUAL = Usage(input=1_500, output=40)
"""Tokens of a suggestion before any was made: a window of 6,000 characters and a line or two."""
_LATENCY = 0.5
"""Seconds a fast model takes before any was asked."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a call takes (seconds) and costs (dollars; None where the price is unknown)."""

    latency: float
    cost: float | None


class Experience:
    """Running means by model."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def learn(self, attempts: Iterable[Attempt]) -> None:
        """Take in what was tried; of failed calls neither time nor cost says what a good one takes."""
        for attempt in attempts:
            if attempt.failure is None:
                old = self.of(attempt.model)
                latency = old.latency + _SHARE * (attempt.seconds - old.latency)
                cost = old.cost
                if cost is not None and attempt.cost is not None:
                    cost += _SHARE * (attempt.cost - cost)
                self._seen[attempt.model.ref] = Seen(latency, cost)

    def of(self, model: Model) -> Seen:
        """Return what to expect of a model."""
        known = self._seen.get(model.ref)
        return known or Seen(_LATENCY, model.price.of(_USUAL) if model.price else None)
