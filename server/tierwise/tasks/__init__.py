"""What we can be asked to do: each ``NAME.py`` is one kind, its prompt is ``NAME.md`` beside it.

The module holds ``KIND`` and, where its prompt needs more than the document and the span it is asked for, a coroutine
function ``prepare(task, ground)`` that returns the task with what it needs.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from tierwise.core.document import Document
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import targets
from tierwise.workspace.ignore import Gate

BUDGET: Mapping[str, int] = {"fast": 8_000, "mid": 24_000, "frontier": 60_000}
"""Tokens that a kind's prompt may have by its home tier: a cent at the vendors' prices of November 2026 for a fast
model, about ten cents for the mid tier, thirty for the dearest; ``prepare`` keeps to it."""

SILENT = frozenset({"autocomplete", "words"})
"""Kinds without a command: they are asked by typing."""


class UnknownKindError(LookupError):
    """No file of that name in this room."""


class NotHereError(Exception):
    """The work cannot be done at this place; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a task may look at while it is made ready: the workspace it belongs to, its open documents by URI, the
    command's further arguments by name. ``gate`` says which files may be read and reads them.
    """

    root: Path | None = None
    gate: Gate = field(default_factory=lambda: Gate(()))
    opened: Mapping[str, Document] = field(default_factory=dict[str, Document])
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])


Prepare = Callable[[Task, Ground], Awaitable[Task]]


def template(name: str, form: str = "") -> str:
    """Return the prompt that stands beside the kind; ``{{form}}`` in it becomes the words that explain the form."""
    text = _file(f"{name}.md").read_text("utf-8")
    return text.replace("{{form}}\n", explained(form)) if form else text


@cache
def explained(form: str) -> str:
    """Return the words that tell a model how to write a form of reply."""
    return _file(f"forms/{form}.md").read_text("utf-8")


@cache
def load(name: str) -> TaskKind:
    """Return the kind that the file ``name`` holds; raises ``UnknownKindError``."""
    if name not in names():
        raise UnknownKindError(f"there is no task kind {name!r}; there are: {', '.join(names())}")
    return cast("TaskKind", import_module(f".{name}", __name__).KIND)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all kinds, sorted."""
    return tuple(sorted({file.stem for folder in _folders() for file in folder.glob("*.md")}))


def offered() -> tuple[TaskKind, ...]:
    """Return the kinds that users can ask for by name."""
    return tuple(kind for name in names() if name not in SILENT and not (kind := load(name)).inward)


async def prepared(task: Task, ground: Ground) -> Task:
    """Return the task with all that its kind's prompt shows; raises ``NotHereError``."""
    if task.kind in names():
        load(task.kind)
    prepare = cast("Prepare | None", getattr(sys.modules.get(f"{__name__}.{task.kind}"), "prepare", None))
    if prepare is not None:
        return await prepare(task, ground)
    return targets.lines_of(task)


def _folders() -> tuple[Path, ...]:
    return tuple(Path(folder) for folder in __path__)


def _file(name: str) -> Path:
    return next((path for folder in _folders() if (path := folder / name).is_file()), _folders()[0] / name)
