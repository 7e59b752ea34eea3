"""Tierwise gives every request an editor makes to the cheapest model that does it well.

As a library: ``async with tierwise.open("project") as router``; see ``tierwise.api``, imported when first used
(``__init__.pyi`` tells type checkers what that brings).
"""

from importlib import import_module

__version__ = "0.1.0"

_OFFERED = (
    "Explanation",
    "Observer",
    "Outcome",
    "Request",
    "Router",
    "Signal",
    "UndoableError",
    "new_texts",
    "open",
)
"""What ``tierwise.api`` brings under this package's own name."""


def __getattr__(name: str) -> object:
    if name in _OFFERED:
        return getattr(import_module(".api", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_OFFERED})
