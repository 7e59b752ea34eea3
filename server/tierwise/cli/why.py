"""Show the last decisions: who answered, for which reason, and what every attempt came to.

``--json`` prints one object: ``schema`` (1), ``ledger`` and ``decisions``, the newest first. A decision has ``task``,
``at`` (ISO 8601), ``feature``, ``kind``, ``language``, ``workspace``, ``policy``, ``reason``, ``confidence``,
``ladder`` (``tier``, ``role``, ``accept_at``, ``models`` where pinned or put in order), ``signals`` (all that the
policy saw), ``answered``, ``waited``, ``cost`` (null: unknown), ``attempts`` and ``feedback`` (``signal``, ``value``,
``at``). An attempt has ``role``, ``tier``, ``model``, ``resolved``, ``result`` (``accepted``, ``rejected``,
``cancelled``, ``silent``, ``failed``, ``used``), ``called`` (false: answered without a call), ``started``,
``first_token``, ``seconds``, ``tokens``, ``price``, ``cost``, ``checks_cost``, ``finish``, ``failure`` (``kind``,
``message``, ``status``, or null),
``quality`` and ``verdicts``. Money is in dollars, durations are in seconds.
"""

import argparse
import json
import sys

from tierwise.ledger.file import LedgerError
from tierwise.ledger.history import history
from tierwise.ledger.plain import SCHEMA, plain_entry

from . import _ledger
from ._numbers import positive


def options(parser: argparse.ArgumentParser) -> None:
    """Declare which decisions."""
    parser.add_argument("--last", type=positive, default=10, metavar="N", help="how many decisions (10)")
    parser.add_argument("--feature", metavar="NAME", help="only this feature's, for example inline_completion")
    _ledger.options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the decisions."""
    path = _ledger.ledger_path(args)
    try:
        entries = history(path, last=args.last, feature=args.feature)
    except LedgerError as error:
        print(f"tierwise why: {error}", file=sys.stderr)
        return 1
    if args.json:
        decisions = [plain_entry(entry) for entry in entries]
        print(json.dumps({"schema": SCHEMA, "ledger": str(path), "decisions": decisions}, indent=2))
    elif entries:
        from . import _why_cards

        _why_cards.show(entries)
    elif args.feature:
        print(f"No decision for {args.feature} is recorded in {path}.")
    else:
        print(_ledger.empty_text(path))
    return 0
