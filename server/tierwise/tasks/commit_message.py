"""A commit message for what is staged, else for what has changed, in the repository's own style.

Example: `tierwise run commit_message` prints `prices: name the tax` where the log has messages of that style; `git
commit -m "$(tierwise run commit_message)"` uses it.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repository

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut

KIND = TaskKind(
    name="commit_message",
    title="Write a commit message",
    belongs="fast",
    form="text",
    template=template("commit_message"),
    output=60,
    max_output=400,
    deadline=20.0,
    trims=("fences", "unfinished", "trailing_space"),
    checks=("not_empty",),
    gives="text",
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Read the diff and how messages were written so far."""
    if ground.root is None:
        raise NotHereError("There is no workspace folder with a repository.")
    try:
        diff = await repository.staged(ground.root, ground.gate) or await repository.unstaged(ground.root, ground.gate)
        log = await repository.subjects(ground.root)
    except repository.RepositoryError as error:
        raise NotHereError(str(error)) from None
    if not diff.strip():
        raise NotHereError("Nothing that a model may be shown has changed since the last commit.")
    shown = cut(diff, characters(BUDGET["fast"] - 1_000))
    return replace(task, material={"diff": shown, "log": "\n".join(log) or "(none yet)"})
