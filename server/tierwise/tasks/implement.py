"""The body of a function or class from its signature, documentation and comments, or from a failing test.

Example: the cursor on a function whose body is `...` or `raise NotImplementedError`, *Implement this* writes it so
that its tests pass.
"""

from dataclasses import replace

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets

from . import BUDGET, Ground, template
from .material import characters, cut, documents_at, shown
from .test_place import counterpart

KIND = TaskKind(
    name="implement",
    title="Implement",
    belongs="mid",
    form="span",
    template=template("implement"),
    output=350,
    max_output=4_000,
    deadline=90.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses", "lint_fatal", "complete", "types", "tests"),
    offers=(Offer(title="Implement this", action="refactor.rewrite", on=On.STUB, preferred=True),),
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the definition at the cursor, and its tests where there are any: they say what it must do."""
    task = targets.lines_of(task)
    test = counterpart(task.document, ground) if task.document else None
    found = await documents_at([test], ground) if test is not None else []
    tests = cut(shown(found, ground), characters(BUDGET["mid"] // 4))
    return replace(task, material={"tests": f"Its tests, which must pass:\n{tests}" if tests else ""})
