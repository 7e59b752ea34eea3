"""A docstring for a definition.

Example: the cursor on a `def`, *Generate docstring* writes it in the convention of the file.
"""

from dataclasses import replace

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets

from . import Ground, NotHereError, template

KIND = TaskKind(
    name="docstring",
    title="Generate docstring",
    belongs="fast",
    form="docstring",
    template=template("docstring"),
    output=120,
    max_output=600,
    deadline=20.0,
    trims=("fences",),
    checks=("not_empty", "parses"),
    offers=(Offer(title="Generate docstring", action="refactor.rewrite", on=On.DEFINITION),),
    offline=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Find the definition, where its documentation goes and how this file writes it."""
    target = targets.documentation(task.document, task.span.start) if task.document and task.span else None
    if target is None:
        raise NotHereError("There is no definition to document here.")
    facts = {**task.facts, "indent": target.indent, "convention": target.convention}
    return replace(task, span=target.span, instruction=target.code, facts=facts)
