"""An API or a data model from requirements: a report.

Example: `tierwise run design -i "Customers can return single lines of an order"` prints endpoints, tables and the
steps to build them.
"""

from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .survey import explored

KIND = TaskKind(
    name="design",
    title="Design an API or data model",
    belongs="frontier",
    form="text",
    template=template("design"),
    output=1_500,
    max_output=8_000,
    deadline=300.0,
    trims=("unfinished",),
    checks=("not_empty",),
    gives="report",
    wants_instruction=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the files that matter for the instruction, and the map of all others."""
    return await explored(task, ground, BUDGET["frontier"] - 2_000)
