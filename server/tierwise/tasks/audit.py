"""A security audit: findings in the code, each with its evidence.

Example: *Audit the security of this file* marks the string that reaches SQL unescaped, says CWE-89, and offers the
fix.
"""

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .findings import SCHEMA
from .survey import explored

KIND = TaskKind(
    name="audit",
    title="Security audit",
    belongs="frontier",
    form="found",
    template=template("audit", "findings"),
    output=1_000,
    max_output=8_000,
    deadline=300.0,
    schema=SCHEMA,
    gives="findings",
    offers=(Offer(title="Audit the security of this file", action="source.audit", on=On.FILE),),
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the file at hand and what it leans on."""
    return await explored(task, ground, BUDGET["frontier"] - 2_000)
