"""Tierwise gives every request an editor makes to the cheapest model that does it well.

As a library: ``async with tierwise.open("project") as router``; see ``tierwise.api``, imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import Explanation, Observer, Outcome, Request, Router, Signal, UndoableError, new_texts
    from .api import open as open  # noqa: A004 - reads as tierwise.open

__version__ = "0.1.0"

__all__ = [
    "Explanation",
    "Observer",
    "Outcome",
    "Request",
    "Router",
    "Signal",
    "UndoableError",
    "__version__",
    "new_texts",
    "open",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module(".api", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
