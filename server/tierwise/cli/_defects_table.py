"""What looking for seeded defects brought, as people read it."""

from typing import Any

from rich.table import Table

from tierwise.core.money import dollars
from tierwise.evaluation.defects.cases import NEAR
from tierwise.ledger.figures import DASH, plural

from ._ledger import console

HEADINGS = ("Way", "Precision", "95 %", "Recall", "95 %", "F1", "True", "False", "Calls", "Cost", "$ a true finding")


def show(told: dict[str, Any]) -> None:
    """Print the estimate or the table, and how to read it."""
    page = console()
    estimate = told["estimate"]
    cost = "an unknown amount" if estimate["dollars"] is None else f"about {dollars(estimate['dollars'])}"
    who = "your own models" if told["live"] else f"rehearsed models ({told['script']}), at their list prices"
    page.print(f"{told['cases']} defects, each in a file with and without it, looked at by {who}.")
    if not told["ways"]:
        calls, tokens = plural(estimate["calls"], "call"), f"{estimate['tokens']:,} tokens"
        page.print(f"That takes about {calls}, {tokens} and {cost}. Nothing was asked: say --yes to go on.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if number else "left")
    for way in told["ways"]:
        table.add_row(*_cells(way))
    page.print(table)
    for way in told["ways"]:
        if way["missing"]:
            page.print(f"{way['way']}: {plural(way['missing'], 'file')} not answered: {'; '.join(way['why'])}.")
    page.print(
        f"[dim]True: the seeded defect, in its lines or {NEAR} lines beside. False: anything else that was found. "
        f"The estimate was {cost}.[/dim]"
    )


def _cells(way: dict[str, Any]) -> tuple[str, ...]:
    return (
        way["way"],
        _share(way["precision"]),
        _span(way["precision_interval"]),
        _share(way["recall"]),
        _span(way["recall_interval"]),
        DASH if way["f1"] is None else f"{way['f1']:.2f}",
        str(way["true"]),
        str(way["false"]),
        str(way["calls"]),
        DASH if way["cost"] is None else dollars(way["cost"]),
        DASH if way["cost_per_true"] is None else dollars(way["cost_per_true"]),
    )


def _share(value: float | None) -> str:
    return DASH if value is None else f"{value:.0%}"


def _span(value: tuple[float, float] | None) -> str:
    return DASH if value is None else f"{value[0]:.0%} to {value[1]:.0%}"
