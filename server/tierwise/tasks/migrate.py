"""A move to another framework or major version, over all files that it touches.

Example: `tierwise.migrate` with `"from unittest to pytest"` changes tests, configuration and dependencies as one
edit.
"""

from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .survey import explored

KIND = TaskKind(
    name="migrate",
    title="Migrate",
    belongs="frontier",
    form="explored",
    template=template("migrate", "explored"),
    output=2_000,
    max_output=16_000,
    deadline=300.0,
    checks=("parses", "lint_fatal", "complete", "types", "tests"),
    wants_instruction=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the files that matter for the instruction, and the map of all others."""
    return await explored(task, ground, BUDGET["frontier"] - 2_000)
