"""Show the last decisions: who answered, for which reason, and what every attempt came to.

``--json`` prints one object: ``schema`` (1), ``ledger`` and ``decisions``, the newest first. A decision has ``task``,
``at`` (ISO 8601), ``feature``, ``kind``, ``language``, ``workspace``, ``policy``, ``reason``, ``confidence``,
``ladder`` (``tier``, ``role``, ``accept_at``, ``models`` where pinned), ``signals`` (all that the policy saw),
``answered``, ``waited``, ``cost`` (null: unknown), ``attempts`` and ``feedback`` (``signal``, ``value``, ``at``). An
attempt has ``role``, ``tier``, ``model``, ``resolved``, ``result`` (``accepted``, ``rejected``, ``cancelled``,
``silent``, ``failed``, ``used``), ``called`` (false: answered without a call), ``started``, ``first_token``,
``seconds``, ``tokens``, ``price``, ``cost``, ``checks_cost``, ``finish``, ``failure`` (``kind``, ``message``,
``status``, or null),
``quality`` and ``verdicts``. Money is in dollars, durations are in seconds.
"""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from tierwise.ledger.file import LedgerError
from tierwise.ledger.history import Entry, Tried, history

from . import _ledger


def options(parser: argparse.ArgumentParser) -> None:
    """Declare which decisions."""
    parser.add_argument("--last", type=_positive, default=10, metavar="N", help="how many decisions (10)")
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
        print(
            json.dumps({"schema": 1, "ledger": str(path), "decisions": [_entry(entry) for entry in entries]}, indent=2)
        )
    elif entries:
        from . import _why_cards

        _why_cards.show(entries)
    elif args.feature:
        print(f"No decision for {args.feature} is recorded in {path}.")
    else:
        print(_ledger.empty_text(path))
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "task": entry.task,
        "at": _ledger.moment(entry.at),
        "feature": entry.feature,
        "kind": entry.kind,
        "language": entry.language,
        "workspace": entry.workspace,
        "policy": entry.policy,
        "reason": entry.reason,
        "confidence": entry.confidence,
        "ladder": [asdict(step) for step in entry.ladder],
        "signals": dict(entry.signals),
        "answered": entry.answered,
        "waited": entry.waited,
        "cost": entry.cost,
        "attempts": [_attempt(attempt) for attempt in entry.attempts],
        "feedback": [
            {"signal": note.signal, "value": note.value, "at": _ledger.moment(note.at)} for note in entry.feedback
        ],
    }


def _attempt(attempt: Tried) -> dict[str, Any]:
    failure = {"kind": attempt.failure, "message": attempt.message, "status": attempt.status}
    return {
        "role": attempt.role,
        "tier": attempt.tier,
        "model": attempt.model,
        "resolved": attempt.resolved,
        "result": attempt.result,
        "called": attempt.called,
        "started": _ledger.moment(attempt.started),
        "first_token": attempt.first_token,
        "seconds": attempt.seconds,
        "tokens": asdict(attempt.usage),
        "price": asdict(attempt.price) if attempt.price else None,
        "cost": attempt.cost,
        "checks_cost": attempt.checks_cost,
        "finish": attempt.finish,
        "failure": failure if attempt.failure else None,
        "quality": attempt.quality,
        "verdicts": [asdict(verdict) for verdict in attempt.verdicts],
    }
