"""A deep review of a diff or a branch: findings as diagnostics, with fixes.

Example: `tierwise.review` marks findings in what is not committed yet; with `{"base": "main"}` in the whole branch.
"""

import re
from dataclasses import replace

from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repository

from . import BUDGET, Ground, NotHereError, template
from .findings import SCHEMA
from .material import characters, cut, documents_at, shown

KIND = TaskKind(
    name="review",
    title="Review changes",
    belongs="frontier",
    form="found",
    template=template("review", "findings"),
    output=1_000,
    max_output=8_000,
    deadline=300.0,
    schema=SCHEMA,
    gives="findings",
)

_NEW = re.compile(r"^\+\+\+ b/(.+?)\t?$", re.MULTILINE)


async def prepare(task: Task, ground: Ground) -> Task:
    """Take what is not committed, or with the argument ``base`` what the branch changed since then; and the files."""
    if ground.root is None:
        raise NotHereError("There is no workspace folder with a repository.")
    try:
        if base := ground.arguments.get("base"):
            _, diff = await repository.since(ground.root, await repository.origin(ground.root, base), ground.gate)
        else:
            diff = await repository.staged(ground.root, ground.gate) + await repository.unstaged(
                ground.root, ground.gate
            )
    except repository.RepositoryError as error:
        raise NotHereError(str(error)) from None
    if not diff.strip():
        raise NotHereError("Nothing that a model may be shown has changed.")
    room = characters(BUDGET["frontier"] - 2_000)
    files = await documents_at([ground.root / name for name in dict.fromkeys(_NEW.findall(diff))], ground)
    material = {"diff": cut(diff, room // 2), "files": cut(shown(files, ground), room // 2)}
    known = {document.uri for document in files} - ({task.document.uri} if task.document else set())
    return replace(task, files=tuple(file for file in files if file.uri in known), material=material)
