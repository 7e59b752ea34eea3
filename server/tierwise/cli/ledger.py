"""Forget old entries of the ledger, carry them out of it, or erase it.

``export`` prints one JSON object a line: ``table`` (``requests``, ``attempts``, ``feedback``) and its columns, as
``tierwise/ledger/migrations.py`` explains them. None of them holds code, prompts or answers.
"""

import argparse
import sys
import time
from pathlib import Path

from . import _ledger

DAY = 86_400.0


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what shall be done."""
    what = parser.add_subparsers(dest="what", required=True, metavar="prune | export | erase")
    prune = what.add_parser("prune", help="forget what is older than some days")
    prune.add_argument("--days", type=float, default=90.0, help="days to keep (default: 90)")
    export = what.add_parser("export", help="print every entry as a line of JSON")
    erase = what.add_parser("erase", help="delete the ledger and the answers kept beside it")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    for child in (prune, export, erase):
        child.add_argument("--ledger", type=Path, metavar="PATH", help="file to use instead of the one in the settings")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where it was not done."""
    from tierwise.ledger import figures, keeping
    from tierwise.ledger.file import LedgerError

    path = _ledger.ledger_path(args)
    try:
        match args.what:
            case "prune":
                gone = keeping.prune(path, time.time() - args.days * DAY)
                print(f"{figures.plural(gone, 'request')} older than {args.days:g} days forgotten in {path}.")
            case "export":
                for line in keeping.export(path):
                    print(line)
            case _:
                return _erase(path, sure=args.yes)
    except LedgerError as error:
        print(f"tierwise ledger: {error}", file=sys.stderr)
        return 1
    return 0


def _erase(path: Path, *, sure: bool) -> int:
    from tierwise.ledger import keeping

    if not sure and not _agrees(path):
        print("Nothing was erased.")
        return 1
    gone = keeping.erase(path)
    print(f"Erased: {', '.join(map(str, gone))}." if gone else f"There is no ledger at {path}.")
    return 0


def _agrees(path: Path) -> bool:
    if not sys.stdin.isatty():
        print("tierwise ledger: say --yes to erase without being asked", file=sys.stderr)
        return False
    return input(f"Erase {path} and all it holds? [y/N] ").strip().lower() in {"y", "yes"}
