"""One self-contained page about the last days: charts as static SVG, every number in a table beside them, no script.

The same as rows for a spreadsheet, and as a picture.
"""

from .page import page
from .picture import picture
from .sheet import sheet

__all__ = ["page", "picture", "sheet"]
