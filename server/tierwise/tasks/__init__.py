"""What we can be asked to do: each ``NAME.py`` is one kind, its prompt is ``NAME.md`` beside it."""

from functools import cache
from importlib import import_module
from importlib.resources import files

from tierwise.core.task import TaskKind


class UnknownKindError(LookupError):
    """No file of that name in this room."""


def template(name: str) -> str:
    """Return the prompt that stands beside the kind."""
    return files(__name__).joinpath(f"{name}.md").read_text("utf-8")


@cache
def load(name: str) -> TaskKind:
    """Return the kind that the file ``name`` holds; raises ``UnknownKindError``."""
    if name not in names():
        raise UnknownKindError(f"there is no task kind {name!r}; there are: {', '.join(names())}")
    kind: TaskKind = import_module(f".{name}", __name__).KIND
    return kind


@cache
def names() -> tuple[str, ...]:
    """Return the names of all kinds, sorted."""
    found = (item.name.removesuffix(".md") for item in files(__name__).iterdir() if item.name.endswith(".md"))
    return tuple(sorted(found))
