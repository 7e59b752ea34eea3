"""One self-contained page about the last days: charts as static SVG, every number in a table beside them, no script."""

from .page import page
from .sheet import sheet

__all__ = ["page", "sheet"]
