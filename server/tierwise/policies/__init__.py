"""Who shall answer: each file is one way to decide, named in settings by its file name."""

from collections.abc import Mapping
from typing import Protocol

from tierwise.core.decision import Decision
from tierwise.core.model import Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Task, TaskKind


class Policy(Protocol):
    """Decides in microseconds: no network, no disk, no scan of the prompt's text."""

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return a ladder for the task, or None to leave it to the next policy.

        After a rejected or failed rung the engine asks again with the ``attempts`` made so far: a new decision replaces
        the rest of the ladder (an empty ladder ends the climb), None lets the old one go on.
        """
        ...

    def learn(self, outcome: Outcome) -> None:
        """Take an outcome as evidence."""
        ...

    def note(self, feedback: Feedback) -> None:
        """Take what the user did with an answer as evidence."""
        ...
