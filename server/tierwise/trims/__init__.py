"""Cut a reply to size: each file is one trim, named in a task kind by its file name.

A trim may also hold ``enough``, which is asked while the reply still streams and ends the stream when it is true, and
``waits``, which says that the text so far may still turn out to be something this trim takes away, so that nothing is
decided yet. Ending a stream early never changes what is shown: what ``enough`` stops at, ``trim`` cuts off.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

from tierwise.core.task import Task

from .hole import hole

Trim = Callable[[str, Task], str]
"""Takes the reply so far and the task, returns the reply cut; an empty string means nothing is left to show."""

Stop = Callable[[str, Task], bool]
"""Takes the reply so far and the task, says whether more of it would be cut away anyway."""


@cache
def load(name: str) -> Trim:
    """Return the trim that the file ``name`` holds."""
    trim: Trim = import_module(f".{name}", __name__).trim
    return trim


def look_ahead(task: Task) -> None:
    """Look at the place that a reply goes to before it comes: what the trims compare it with is then at hand."""
    place = hole(task)
    if place is not None:
        _ = place.shown


@cache
def stops(names: Sequence[str]) -> tuple[Stop, ...]:
    """Return what ends a stream early for a kind with these trims; ``names`` is a tuple.

    Each trim's ``enough`` sees the text as the trims before it leave it, as it will when the reply is complete.
    """
    modules = [import_module(f".{name}", __name__) for name in names]
    steps: list[tuple[Trim, Stop | None, Stop | None]] = [
        (module.trim, getattr(module, "enough", None), getattr(module, "waits", None)) for module in modules
    ]
    while steps and steps[-1][1] is None:
        steps.pop()  # what only trims at the end stops nothing
    if not steps:
        return ()

    def enough(text: str, task: Task) -> bool:
        for trim, enough, waits in steps:
            if waits is not None and waits(text, task):
                return False
            if enough is not None and enough(text, task):
                return True
            text = trim(text, task)
        return False

    return (enough,)
