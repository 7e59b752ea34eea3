"""One file per thing an editor can ask; ``FEATURES`` is the map of what we serve.

Each module has ``feature(house) -> Feature``. Handlers are the same four steps everywhere: read the request into a
Task, run it, write the Outcome in the protocol's words, or say why there is nothing.
"""

from collections.abc import Callable

from tierwise.lsp import Feature

from . import (
    actions,
    configuration,
    diagnostics,
    explain,
    files,
    hover,
    models,
    notebooks,
    records,
    status,
    suggestions,
)
from .dialects import copilot, tabby
from .house import House

FEATURES: tuple[Callable[[House], Feature], ...] = (
    suggestions.feature,
    notebooks.feature,
    hover.feature,
    actions.feature,
    status.feature,
    explain.feature,
    models.feature,
    records.feature,
    configuration.feature,
    files.feature,
    diagnostics.feature,
    copilot.feature,
    tabby.feature,
)
"""Everything we serve, in the order in which capabilities are merged."""

__all__ = ["FEATURES", "House"]
