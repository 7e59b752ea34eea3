"""What the commands that read the ledger share: where it is, and how money, tokens and times are written."""

import argparse
import math
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

DASH = "–"
"""Stands where there is nothing to say."""

PIPED_WIDTH = 150
"""Columns of output that goes to a file or a pipe."""

MOST_DECIMALS = 8
"""Of a dollar: one token of the cheapest model in the catalogue costs about as much."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare where the ledger is and how it is shown."""
    parser.add_argument("--ledger", type=Path, metavar="PATH", help="file to read instead of the one in the settings")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def ledger_path(args: argparse.Namespace) -> Path:
    """Return the ledger's file: the one asked for, else the settings' one."""
    if args.ledger is not None:
        chosen: Path = args.ledger
        return chosen
    from tierwise.settings import sources
    from tierwise.settings.paths import demo_dir, ledger_file

    own = ledger_file(sources.load(roots=(Path.cwd(),)).settings.ledger.path)
    rehearsed = demo_dir() / "ledger.sqlite3"
    if own.exists() or not rehearsed.exists():
        return own
    print("No request of yours is recorded yet; this is the ledger of `tierwise demo`.", file=sys.stderr)
    return rehearsed


def empty_text(path: Path) -> str:
    """Return what to say of a ledger that holds nothing."""
    return (
        f"Nothing is recorded yet in {path}.\n"
        "It fills as your editor asks for completions, hovers and fixes: connect it with `tierwise lsp`, or watch a "
        "rehearsed session with `tierwise demo`. `tierwise doctor` says whether models are configured."
    )


def console() -> "Console":
    """Return where to print: the terminal, or a wide page where there is none that has a width of its own."""
    from rich.console import Console

    found = Console(highlight=False)
    if found.is_terminal or "COLUMNS" in os.environ:
        return found
    return Console(highlight=False, width=PIPED_WIDTH)


def decimals(amounts: Iterable[float | None], digits: int = 2) -> int:
    """Return how many decimals show so many digits of the smallest amount: never fewer than cents need."""
    smallest = min((abs(amount) for amount in amounts if amount), default=1.0)
    return min(MOST_DECIMALS, max(2, digits - 1 - math.floor(math.log10(smallest))))


def dollars(amount: float | None, places: int | None = None) -> str:
    """Return an amount of money, with so many decimals or as many as it needs; unknown is said to be."""
    if amount is None:
        return "unknown"
    places = decimals((amount,), digits=3) if places is None else places
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{places}f}"


def seconds(duration: float | None) -> str:
    """Return a duration with the digits that matter."""
    if duration is None:
        return DASH
    return f"{duration * 1000:.0f} ms" if duration < 1 else f"{duration:.1f} s"


def share(part: float, whole: float) -> str:
    """Return a part in percent, or a dash where there is no whole."""
    return f"{100 * part / whole:.0f} %" if whole else DASH


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
