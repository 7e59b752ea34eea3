"""Who wants to know what the engine is doing while it does it."""

from collections.abc import Sequence
from typing import Protocol

from tierwise.core.decision import Decision
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.task import Task


class Observer(Protocol):
    """Told of each step; must return at once and never raise."""

    def decided(self, task: Task, decision: Decision) -> None:
        """A ladder was chosen."""
        ...

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """A model is about to be asked."""
        ...

    def tried(self, task: Task, attempt: Attempt) -> None:
        """A call ended, well or not."""
        ...

    def finished(self, outcome: Outcome) -> None:
        """The task is over."""
        ...


class Silent:
    """An observer that does nothing; others override what they want to hear."""

    def decided(self, task: Task, decision: Decision) -> None:
        """Nothing."""

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """Nothing."""

    def tried(self, task: Task, attempt: Attempt) -> None:
        """Nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Nothing."""


def fault(attempt: Attempt) -> str:
    """Return what was wrong with an answer, in the few words that a line of progress has room for, or nothing."""
    if attempt.failure is not None:
        return attempt.failure.kind.value.replace("_", " ")
    worst = min(
        (verdict for verdict in attempt.verdicts if verdict.score < 1.0 and not verdict.skipped),
        key=lambda verdict: (verdict.passed, verdict.score),
        default=None,
    )
    if worst is None:
        return ""
    head = worst.reason.partition(": ")[0]
    return head if head[:1].isdigit() else f"did not pass {worst.check}" + (f" ({head[:40]})" if head else "")


class Chorus:
    """Several observers as one; those that join the sequence later are told from then on."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = observers

    def decided(self, task: Task, decision: Decision) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.decided(task, decision)

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.asking(task, tier, model)

    def tried(self, task: Task, attempt: Attempt) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.tried(task, attempt)

    def finished(self, outcome: Outcome) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.finished(outcome)
