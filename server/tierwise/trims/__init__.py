"""Cut a reply to size: each file is one trim, named in a task kind by its file name."""

from collections.abc import Callable
from importlib import import_module

from tierwise.core.task import Task

Trim = Callable[[str, Task], str]
"""Takes the reply so far and the task, returns the reply cut; an empty string means nothing is left to show."""


def load(name: str) -> Trim:
    """Return the trim that the file ``name`` holds."""
    trim: Trim = import_module(f".{name}", __name__).trim
    return trim
