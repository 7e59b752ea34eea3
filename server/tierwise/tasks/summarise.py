"""What a file, a selection or a diff amounts to.

Example: *Summarise this file*; `tierwise run summarise --set what=diff` for what has changed.
"""

from dataclasses import replace

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repository, targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut

KIND = TaskKind(
    name="summarise",
    title="Summarise",
    belongs="mid",
    form="text",
    template=template("summarise"),
    output=250,
    max_output=1_500,
    deadline=60.0,
    trims=("unfinished", "trailing_space"),
    checks=("not_empty",),
    gives="report",
    offers=(Offer(title="Summarise this file", action="source.summarise", on=On.FILE),),
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the diff where the argument ``what`` is ``diff``, else the selection, else the file."""
    room = characters(BUDGET["mid"] - 1_000)
    if ground.arguments.get("what") == "diff":
        if ground.root is None:
            raise NotHereError("There is no workspace folder with a repository.")
        try:
            diff = await repository.staged(ground.root, ground.gate) or await repository.unstaged(
                ground.root, ground.gate
            )
        except repository.RepositoryError as error:
            raise NotHereError(str(error)) from None
        if not diff.strip():
            raise NotHereError("Nothing that a model may be shown has changed since the last commit.")
        return replace(task, material={"what": "the change", "content": cut(diff, room)})
    if task.document is None or task.span is None:
        raise NotHereError("There is nothing to summarise: open a file.")
    whole = task.span.is_empty
    span = targets.whole_file(task.document) if whole else task.span
    content = cut(task.document.text.slice(span), room)
    return replace(task, span=span, material={"what": "the file" if whole else "the selection", "content": content})
