"""Tests for a symbol or a file, in the project's framework and style.

Example: the cursor on a function, *Write tests for this* adds them to the file where the project keeps such tests, in
its framework.
"""

import asyncio
from dataclasses import replace
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut, document_at, path_of, shown
from .test_place import counterpart, framework, new_place

KIND = TaskKind(
    name="tests",
    title="Write tests",
    belongs="mid",
    form="blocks",
    template=template("tests", "blocks"),
    output=600,
    max_output=6_000,
    deadline=120.0,
    checks=("changes_something", "parses", "lint_fatal", "complete", "tests"),
    offers=(
        Offer(title="Write tests for this", action="refactor.rewrite", on=On.DEFINITION),
        Offer(title="Write tests for this file", action="source.tests", on=On.FILE, instruction="Test the whole file."),
    ),
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Find the framework and the file that the tests go into, or another one that shows how tests are written here."""
    if task.document is None or task.span is None:
        raise NotHereError("There is no code to test here.")
    if ground.root is None:
        raise NotHereError("Tests need a workspace folder to be written into.")
    whole = task.instruction.startswith("Test the whole file")
    span = targets.whole_file(task.document) if whole else targets.lines_of(task).span
    found = await asyncio.to_thread(_found, task.document, ground)
    material = {**found.material, "code": cut(str(task.document.text), characters(BUDGET["mid"] // 2))}
    return replace(task, span=span, files=(*task.files, *found.files), material=material)


class _Found:
    def __init__(self, files: list[Document], **material: str) -> None:
        self.files = files
        self.material = material


def _found(document: Document, ground: Ground) -> _Found:
    """Look at the disk; waits for it."""
    assert ground.root is not None
    used = framework(document, ground)
    existing = counterpart(document, ground)
    tests = document_at(existing, ground) if existing else None
    room = characters(BUDGET["mid"] // 4)
    if tests is not None:
        where = f"Add to the existing file {path_of(tests, ground)}:\n{cut(shown([tests], ground), room)}"
        return _Found([tests], framework=used, where=where)
    place = new_place(document, ground)
    inside = place is not None and place.is_relative_to(ground.root)
    target = place.relative_to(ground.root).as_posix() if place and inside else "tests"
    sample = _sample(place, ground)
    style = f"\nThis is how tests look in this project:\n{cut(shown([sample], ground), room)}" if sample else ""
    return _Found([], framework=used, where=f"Put them into a new file {target}.{style}")


def _sample(place: Path | None, ground: Ground) -> Document | None:
    """Return another file of tests near the place, the shortest one."""
    if place is None or not place.parent.is_dir():
        return None
    others = [path for path in place.parent.iterdir() if path.suffix == place.suffix and "test" in path.name]
    others.sort(key=lambda path: (path.stat().st_size, path.name))
    return next((found for path in others if (found := document_at(path, ground)) is not None), None)
