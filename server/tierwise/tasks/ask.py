"""Any question about the code, answered in a document of its own.

Example: `tierwise.ask` with `"Where is the tax computed?"` opens the answer beside the code.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .material import characters, cut, shown
from .survey import survey

KIND = TaskKind(
    name="ask",
    title="Ask a question",
    belongs="mid",
    form="text",
    template=template("ask"),
    output=300,
    max_output=3_000,
    deadline=120.0,
    trims=("unfinished",),
    checks=("not_empty",),
    gives="report",
    wants_instruction=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the file at hand and those that the question names or leads to."""
    room = BUDGET["mid"] - 2_000
    if ground.root is not None:
        found = await survey(task, ground, room)
        listing, overview = found.listing, found.map
    else:
        listing, overview = shown([task.document] if task.document else [], ground), ""
    return replace(task, material={"files": cut(listing, characters(room)), "map": overview or "(none)"})
