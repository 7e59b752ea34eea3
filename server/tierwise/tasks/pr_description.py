"""The description of a pull request: what the branch does and how it was tested.

Example: `tierwise run pr_description --set base=main` prints title and description of the branch.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repository

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut

KIND = TaskKind(
    name="pr_description",
    title="Describe this branch for a pull request",
    belongs="fast",
    form="text",
    template=template("pr_description"),
    output=180,
    max_output=1_000,
    deadline=30.0,
    trims=("unfinished", "trailing_space"),
    checks=("not_empty",),
    gives="text",
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Read the commits since the branch left ``base`` (an argument), else the repository's main branch."""
    if ground.root is None:
        raise NotHereError("There is no workspace folder with a repository.")
    try:
        base = await repository.origin(ground.root, ground.arguments.get("base", ""))
        log, diff = await repository.since(ground.root, base, ground.gate)
    except repository.RepositoryError as error:
        raise NotHereError(str(error)) from None
    if not diff.strip():
        raise NotHereError(f"This branch has no changes since {base}.")
    room = characters(BUDGET["fast"] - 1_500)
    return replace(task, material={"log": cut(log, room // 4), "diff": cut(diff, room * 3 // 4)})
