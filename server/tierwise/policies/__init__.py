"""Who shall answer: each file is one way to decide, named in settings by its file name."""

from collections.abc import Mapping
from typing import Protocol

from tierwise.core.decision import Decision
from tierwise.core.model import Tier
from tierwise.core.outcome import Feedback, Outcome
from tierwise.core.task import Task, TaskKind


class Policy(Protocol):
    """Decides in microseconds: no network, no disk, no scan of the prompt's text."""

    def decide(self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier]) -> Decision | None:
        """Return a ladder for the task, or None to leave it to the next policy."""
        ...

    def learn(self, outcome: Outcome) -> None:
        """Take an outcome as evidence."""
        ...

    def note(self, feedback: Feedback) -> None:
        """Take what the user did with an answer as evidence."""
        ...
