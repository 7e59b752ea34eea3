"""A hole to fill, for models trained to fill it."""

from tierwise.core.prompt import Fim, Limits
from tierwise.core.task import Task

from .budget import Budget
from .window import context, path, window


def build(task: Task, limits: Limits, room: Budget) -> Fim:
    """Return the text before and after the cursor; the provider puts it into the model's own template."""
    shown = window(task, room)
    return Fim(
        prefix=shown.before,
        suffix=shown.after,
        language=task.language,
        path=path(task),
        limits=limits,
        context=context(task, room),
        document=task.document,
        place=task.span.start if task.span else None,
        selection=shown.selection,
        root=str(task.facts.get("root", "")),
        kind=task.kind,
    )
