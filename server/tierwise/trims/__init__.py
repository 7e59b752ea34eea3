"""Cut a reply to size: each file is one trim, named in a task kind by its file name.

A trim may also hold ``enough``, which is asked while the reply still streams and ends the stream when it is true.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

from tierwise.core.task import Task

Trim = Callable[[str, Task], str]
"""Takes the reply so far and the task, returns the reply cut; an empty string means nothing is left to show."""

Stop = Callable[[str, Task], bool]
"""Takes the reply so far and the task, says whether more of it would be cut away anyway."""


@cache
def load(name: str) -> Trim:
    """Return the trim that the file ``name`` holds."""
    trim: Trim = import_module(f".{name}", __name__).trim
    return trim


@cache
def stops(names: Sequence[str]) -> tuple[Stop, ...]:
    """Return the stops that the named trims hold; ``names`` is a tuple."""
    modules = (import_module(f".{name}", __name__) for name in names)
    return tuple(module.enough for module in modules if hasattr(module, "enough"))
