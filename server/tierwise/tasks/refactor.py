"""A change of how code in one file is built, by instruction; what it does stays.

Example: select two functions that share most of their lines, *Refactor this* makes the shared part a third.
"""

from dataclasses import replace

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut

KIND = TaskKind(
    name="refactor",
    title="Refactor",
    belongs="mid",
    form="blocks",
    template=template("refactor", "blocks"),
    output=500,
    max_output=8_000,
    deadline=120.0,
    checks=("changes_something", "parses", "lint_fatal", "complete", "types", "tests", "judge"),
    offers=(
        Offer(
            title="Refactor this",
            action="refactor.rewrite",
            on=On.LINES,
            instruction="Make it simpler and easier to read: better structure, better names inside, no repetition.",
        ),
    ),
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the whole file, for what is refactored is used around it."""
    if task.document is None or task.span is None:
        raise NotHereError("There is no code to refactor here.")
    span = targets.whole_file(task.document) if task.span.is_empty else targets.whole_lines(task.document, task.span)
    code = cut(str(task.document.text), characters(BUDGET["mid"] - 4_000))
    return replace(task, span=span, material={"code": code, "part": _part(task)})


def _part(task: Task) -> str:
    if task.document is None or task.span is None or task.span.is_empty:
        return ""
    first, last = task.span.start.line + 1, targets.whole_lines(task.document, task.span).end.line + 1
    return f"It is about lines {first} to {last}, and about the rest as far as it must follow."
