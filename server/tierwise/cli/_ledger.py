"""What the commands that read the ledger share: where it is, what to say where it is empty, and the page."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 150
"""Columns of output that goes to a file or a pipe."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare where the ledger is and how it is shown."""
    place(parser)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def place(parser: argparse.ArgumentParser) -> None:
    """Declare where the ledger is."""
    parser.add_argument("--ledger", type=Path, metavar="PATH", help="file to read instead of the one in the settings")


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
