"""Who may say no before a model is asked."""

from typing import Protocol

from tierwise.core.model import Model
from tierwise.core.task import Task


class Gate(Protocol):
    """Asked for every model before it is asked; must not wait."""

    def bars(self, task: Task, tier: str, model: Model) -> str | None:
        """Return why this model must not have this task, as the end of a sentence; None lets it pass."""
        ...

    def cleared(self, task: Task, model: Model) -> Task:
        """Return the task with what this model may see of it."""
        ...
