"""A review of how a program is built, or a design for what it shall become: a report.

Example: `tierwise run architecture -i "Can orders be split from payments?"` prints a report that refers to files and
lines.
"""

from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .survey import explored

KIND = TaskKind(
    name="architecture",
    title="Review the architecture",
    belongs="frontier",
    form="text",
    template=template("architecture"),
    output=1_500,
    max_output=8_000,
    deadline=300.0,
    trims=("unfinished",),
    checks=("not_empty",),
    gives="report",
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the files that matter for the instruction, and the map of all others."""
    return await explored(task, ground, BUDGET["frontier"] - 2_000)
