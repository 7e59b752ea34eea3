"""How right findings were, by what they are about: the part of the report that comes from the store of findings."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from tierwise.findings.store import Tally


def show(found: "Mapping[str, Tally]", page: "Console") -> None:
    """Print a table, if anything was ever found."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from tierwise.ledger.figures import DASH, share

    if not found:
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Findings by kind, ever", min_width=16)
    for heading in ("Found", "Dismissed", "Precision"):
        table.add_column(heading, justify="right")
    for name, tally in found.items():
        right = DASH if tally.precision is None else share(tally.precision, 1.0)
        table.add_row(name, f"{tally.found:,}", f"{tally.dismissed:,}", right)
    page.print(table)
