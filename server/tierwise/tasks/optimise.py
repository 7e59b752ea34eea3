"""Better performance, with what it costs in return.

Example: the cursor on a function, *Optimise this* replaces a query in a loop by one before it and says what that
costs in memory.
"""

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .survey import explored

KIND = TaskKind(
    name="optimise",
    title="Optimise",
    belongs="frontier",
    form="explored",
    template=template("optimise", "explored"),
    output=900,
    max_output=16_000,
    deadline=300.0,
    checks=("parses", "lint_fatal", "complete", "types", "tests"),
    offers=(
        Offer(
            title="Optimise this",
            action="refactor.rewrite",
            on=On.DEFINITION,
            instruction="Make `{line}` faster where it matters most.",
        ),
    ),
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the files that matter for the instruction, and the map of all others."""
    return await explored(task, ground, BUDGET["frontier"] - 2_000)
