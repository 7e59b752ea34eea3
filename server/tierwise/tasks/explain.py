"""What is this symbol: the model's part of a hover.

Example: hover over a name, or `tierwise run explain shop/prices.py:4`.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets

from . import Ground, NotHereError, template

KIND = TaskKind(
    name="explain",
    title="Explain this symbol",
    belongs="fast",
    form="text",
    template=template("explain"),
    output=90,
    max_output=300,
    deadline=6.0,
    trims=("unfinished", "trailing_space"),
    checks=("not_empty",),
    gives="text",
    offline=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the identifier at the cursor."""
    if task.document is None or task.span is None:
        raise NotHereError("There is no symbol to explain here.")
    span = task.span if not task.span.is_empty else targets.word_at(task.document, task.span.start)
    if span is None:
        raise NotHereError("There is no symbol to explain here.")
    return replace(task, span=span)
