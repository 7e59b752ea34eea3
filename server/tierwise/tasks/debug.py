"""The cause of a bug over several files, found from its symptom, and its fix.

Example: `tierwise.debug` with `"Totals are off by one cent after a discount"` finds the rounding in another file and
changes it there.
"""

from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .survey import explored

KIND = TaskKind(
    name="debug",
    title="Find and fix a bug",
    belongs="frontier",
    form="explored",
    template=template("debug", "explored"),
    output=900,
    max_output=16_000,
    deadline=300.0,
    checks=("parses", "lint_fatal", "complete", "types", "tests"),
    wants_instruction=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the files that matter for the instruction, and the map of all others."""
    return await explored(task, ground, BUDGET["frontier"] - 2_000)
