"""Write a page about what was asked, what it cost and saved, and why: one HTML file for any browser, without a script.

``--csv`` writes its rows too: one for each day, feature, kind, tier and model, with requests, calls, tokens, dollars.
``--picture`` draws its figures and charts as one SVG file.
"""

import argparse
import sys
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from . import _ledger

if TYPE_CHECKING:
    from tierwise.ledger.overview import Overview

NAME = "dashboard.html"


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the span, and where to write."""
    parser.add_argument("--days", type=_days, default=30, metavar="N", help="the last N days, today included (30)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write, instead of beside the ledger")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the rows there as well")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the charts there as well (SVG)")
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    _ledger.place(parser)


def run(args: argparse.Namespace) -> int:
    """Write the page; 1 where the ledger cannot be read or the file not be written."""
    from tierwise.app import frontier, money
    from tierwise.dashboard import page, picture
    from tierwise.ledger.file import LedgerError
    from tierwise.ledger.overview import overview
    from tierwise.settings import sources

    path = _ledger.ledger_path(args)
    settings = sources.load(roots=(Path.cwd(),)).settings
    target: Path = (args.output or path.with_name(NAME)).absolute()
    try:
        seen = overview(path, days=args.days, now=time.time(), frontier=frontier.choose(None, path, settings))
        _write(target, page(seen, money.limits(settings.budget), path))
        if args.csv is not None:
            _export(args.csv, seen)
        if args.picture is not None:
            _write(args.picture.absolute(), picture(seen))
    except (LedgerError, OSError) as error:
        print(f"tierwise dashboard: {error}", file=sys.stderr)
        return 1
    print(target)
    if args.open and not webbrowser.open(target.as_uri()):
        print("No browser was found: open the file yourself.", file=sys.stderr)
    return 0


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def _export(target: Path, seen: "Overview") -> None:
    from tierwise.dashboard import sheet

    with target.open("w", encoding="utf-8", newline="") as file:
        sheet(seen, file)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3660:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3660")
    return int(text)
