"""How long models take, what their answers cost and how often they are used or given up, as it has been."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cachetools import LRUCache

from tierwise.core.model import IN_PROCESS, Model
from tierwise.core.outcome import Attempt, Feedback, Outcome, Signal
from tierwise.core.reply import FailureKind, Usage
from tierwise.engine.observer import Silent

USUALLY_TAKEN = 0.3
"""Share of suggestions that people take: nearly 30 of 100 (Dohmke, Iansiti and Richards, "Sea change in software
development: economic and productivity analysis of the AI-powered developer lifecycle", 2023); believed until this user
has been seen."""
_PRIOR, _FADING = 30.0, 0.99
"""Answers that belief is worth, and what is left of an answer's weight with the next: about the last hundred count."""
_BETTER = 0.5
"""Share of an answer's text from which on a part of it is as good as taken."""
_REMEMBERED = 256
"""Answers of which is known that they were counted."""
_SHARE = 0.2
"""Weight of one call: about the last ten count."""
_USUAL = Usage(input=1_500, output=40)
"""Tokens of a suggestion before any was made: a window of 6,000 characters and a line or two."""
_LATENCY = 0.5
"""Seconds a fast model takes before any was asked."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a call takes (seconds) and costs (dollars; None where the price is unknown); ``given_up`` is what one costs
    that is ended on its way, None before any was.
    """

    latency: float
    cost: float | None
    given_up: float | None = None

    @property
    def wasted(self) -> float | None:
        """The dollars that a call costs which is made in vain."""
        return self.cost if self.given_up is None else self.given_up


class Experience(Silent):
    """Running means by model, and the share of all answers that the user took, whole or for the better part.

    An observer of every request: one that is cancelled or superseded brings no answer, but it has its price, too.
    """

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._answers, self._taken = _PRIOR, _PRIOR * USUALLY_TAKEN
        self._counted: LRUCache[str, bool] = LRUCache(_REMEMBERED)

    @property
    def taken(self) -> float:
        """The share in [0, 1] of the last answers that were taken; the others were paid for in vain."""
        return self._taken / self._answers

    def judge(self, feedback: Feedback) -> None:
        """Take in what the user did with an answer; one answer counts once."""
        good = feedback.signal is Signal.ACCEPTED or (feedback.signal is Signal.PARTIAL and feedback.value >= _BETTER)
        if good and feedback.task_id not in self._counted:
            self._counted[feedback.task_id] = True
            self._taken = min(self._taken + 1.0, self._answers)

    def finished(self, outcome: Outcome) -> None:
        """See ``Observer.finished``."""
        self.learn(outcome.attempts)

    def learn(self, attempts: Iterable[Attempt]) -> None:
        """Take in what was tried; of failed calls neither time nor cost says what a good one takes."""
        for attempt in attempts:
            if attempt.failure is not None and attempt.failure.kind is FailureKind.CANCELLED and attempt.cost:
                old = self.of(attempt.model)
                self._seen[attempt.model.ref] = replace(old, given_up=_mean(old.wasted, attempt.cost))
            if attempt.failure is None and attempt.model.provider != IN_PROCESS:
                self._answers = self._answers * _FADING + 1.0
                self._taken *= _FADING
            if attempt.failure is None:
                old = self.of(attempt.model)
                latency = old.latency + _SHARE * (attempt.seconds - old.latency)
                self._seen[attempt.model.ref] = Seen(latency, _mean(old.cost, attempt.cost), old.given_up)

    def of(self, model: Model) -> Seen:
        """Return what to expect of a model."""
        known = self._seen.get(model.ref)
        return known or Seen(_LATENCY, model.price.of(_USUAL) if model.price else None)


def _mean(old: float | None, new: float | None) -> float | None:
    return old if old is None or new is None else old + _SHARE * (new - old)
