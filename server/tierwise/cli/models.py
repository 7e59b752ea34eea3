"""Show which model serves which tier, and why.

``--json`` prints ``{"tiers": {NAME: [{"model", "price", "window", "fim"}]}, "found": [...], "missing": [...]}``; a
price is dollars per million tokens with the day it was read, or null where it is unknown.
"""

import argparse
import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise.core.model import Model
from tierwise.core.money import digits

if TYPE_CHECKING:
    from tierwise.app.stock import Stock


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the output."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the tiers; 1 where there is nobody to ask but the workspace itself."""
    from tierwise.app.building import Plan
    from tierwise.app.stock import take_stock

    plan = Plan.load(env=os.environ, roots=(Path.cwd(),))
    stock = asyncio.run(take_stock(plan.settings, os.environ))
    if args.json:
        tiers = {name: [_plain(model) for model in tier.models] for name, tier in stock.tiers.items()}
        print(json.dumps({"tiers": tiers, "found": stock.found, "missing": stock.missing}, indent=2))
    else:
        _show(stock)
    return 0 if stock.has_models else 1


def _plain(model: Model) -> dict[str, object]:
    price = model.price
    return {
        "model": model.ref,
        "price": {"input": price.input, "output": price.output, "as_of": price.as_of} if price else None,
        "window": model.window,
        "fim": model.skills.fim,
    }


def _show(stock: "Stock") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("tier", "model", "$/M in", "$/M out", "window", "asked by"):
        table.add_column(title, justify="right" if "$" in title or title == "window" else "left", no_wrap=True)
    for name, tier in stock.tiers.items():
        if not tier.models:
            table.add_row(name, "[dim]none[/dim]", "", "", "", "")
        for number, model in enumerate(tier.models):
            table.add_row(name if number == 0 else "", *_cells(model))
    console.print(table)
    prices = [model.price for tier in stock.tiers.values() for model in tier.models if model.price]
    days = {price.as_of for price in prices if price.as_of}
    if days:
        console.print(f"[dim]Dollars per million tokens, list prices of {', '.join(sorted(days))}.[/dim]")
    for title, sentences in (("Why", stock.found), ("Missing", stock.missing)):
        if sentences:
            console.print(f"\n[bold]{title}[/bold]")
            for sentence in sentences:
                console.print(f"  {sentence}", markup=False, highlight=False)


def _cells(model: Model) -> tuple[str, ...]:
    price = model.price
    money = (digits(price.input), digits(price.output)) if price else ("unknown", "unknown")
    return model.ref, *money, f"{model.window // 1000}k", "hole" if model.skills.fim else "chat"
