"""What stands beside the cursor: each file is one source of excerpts, named by its file name."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Protocol

from tierwise.core.task import Task
from tierwise.core.text import Span

from .scene import Excerpt, Scene


class Source(Protocol):
    """Finds excerpts for a task; called in a thread, with values that nobody changes."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return what may help, scores in [0, 1]; ``shown`` is the part of the document that the prompt holds anyway.

        The same arguments give the same excerpts. What is in no file that the scene's reader admits is in none.
        """
        ...


@cache
def load(name: str) -> Source:
    """Return the source that the file ``name`` holds."""
    source: Source = import_module(f".{name}", __name__).SOURCE
    return source
