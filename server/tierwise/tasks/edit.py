"""Any change of the file at hand, in the user's own words.

Example: `tierwise.edit` with `"accept dates as text too"` changes the file, or the selection.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut

KIND = TaskKind(
    name="edit",
    title="Edit with an instruction",
    belongs="mid",
    form="blocks",
    template=template("edit", "blocks"),
    output=350,
    max_output=8_000,
    deadline=120.0,
    checks=("changes_something", "parses", "lint_fatal", "complete", "types", "judge"),
    wants_instruction=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the whole file and where the user is in it."""
    if task.document is None or task.span is None:
        raise NotHereError("Open the file to edit.")
    code = cut(str(task.document.text), characters(BUDGET["mid"] - 4_000))
    first = task.span.start.line + 1
    where = f"The cursor is at line {first}."
    if not task.span.is_empty:
        span = targets.whole_lines(task.document, task.span)
        where = f"Selected are lines {first} to {span.end.line + 1}:\n```\n{task.document.text.slice(span)}\n```"
    return replace(task, material={"code": code, "where": where})
