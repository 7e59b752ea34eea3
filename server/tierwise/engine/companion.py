"""Who goes along with one task on its way up."""

from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.task import Task


class Companion:
    """Lets every call start at once and listens to none; others override what they want."""

    async def complete(self, task: Task, model: Model) -> Task:
        """Return the task as this model shall see it; asked before ``hold``, so that gathering and waiting overlap."""
        return task

    async def hold(self, model: Model) -> None:
        """Return when this model may be asked: a caller that may yet be overtaken waits until the call is worth it."""

    def hear(self, exchange: Exchange) -> None:
        """Take note of what a call has brought so far; called after each piece, and must return at once."""


ALONE = Companion()
