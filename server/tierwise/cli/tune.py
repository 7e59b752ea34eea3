"""Learn from recorded outcomes or from the ledger how able and how dear each model is, and write it to a policy file.

Of a ledger, it is also told how far the checks can be believed, and what learning from its earlier days would have
changed on the last ones.

Nothing changes unless it is told to: ``--out`` writes a file, which ``tierwise replay --policy`` starts from and the
setting ``routing.team_policy`` may name, and which names no folder of this machine. ``--apply`` puts what was learned
in the place of what your editors have learned so far; that is kept beside it, as ``learned.json.before``.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierwise.ledger.history import Entry
    from tierwise.policies.learning.memory import Memory
    from tierwise.replay.heldout import HeldOut

SETTINGS = Path()
"""The ledger that the settings name."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what to learn from and where to write it."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--outcomes", type=Path, nargs="+", metavar="CSV", help="recorded outcomes to learn from")
    source.add_argument(
        "--ledger",
        type=Path,
        nargs="?",
        const=SETTINGS,
        metavar="PATH",
        help="ledger to learn from (your own)",
    )
    parser.add_argument("--tasks", type=Path, metavar="CSV", help="the outcomes' prompts, of which the length is used")
    parser.add_argument("--out", type=Path, metavar="FILE", help="policy file to write")
    parser.add_argument("--apply", action="store_true", help="let your editors go on from what was learned")


def run(args: argparse.Namespace) -> int:
    """Learn, say what was learned, and write it where that is wanted."""
    from tierwise.ledger.file import LedgerError
    from tierwise.policies.learning.study import study
    from tierwise.replay import heldout, lessons, outcomes, refit, tuning

    if args.ledger == SETTINGS:
        args.ledger = _own_ledger()
    try:
        entries = lessons.recorded(args.ledger) if args.ledger else ()
        told = lessons.cases_of(entries) if args.ledger else tuning.cases(outcomes.read(args.outcomes, args.tasks))
        if not told:
            raise outcomes.OutcomesError(f"{args.ledger} holds no answer yet that could be learned from")
    except (outcomes.OutcomesError, LedgerError) as error:
        print(f"tierwise tune: {error}", file=sys.stderr)
        return 2
    memory = study(told)
    print("\n".join(tuning.page(memory, told)))
    if args.ledger:
        refit.refit(memory, entries)
        print("\n".join((*refit.page(entries), *heldout.page(_held_out(entries)))))
    return _keep(args, memory)


def _keep(args: argparse.Namespace, memory: "Memory") -> int:
    """Write what was learned to wherever it is wanted."""
    from tierwise.app.learning import NAME
    from tierwise.policies.learning.file import replace, save
    from tierwise.policies.learning.traits import placeless

    try:
        if args.out is not None:
            save(args.out, placeless(memory))
            print(f"Written to {args.out}.")
        if args.apply:
            path = _own_ledger().with_name(NAME)
            replace(path, memory)
            print(f"Your editors go on from this: {path}.")
    except (OSError, TimeoutError) as error:
        print(f"tierwise tune: what was learned cannot be written: {error}", file=sys.stderr)
        return 1
    if args.out is None and not args.apply:
        print("Nothing is changed; --out FILE writes it to a file, --apply lets your editors go on from it.")
    return 0


def _own_ledger() -> Path:
    from tierwise.settings import sources
    from tierwise.settings.paths import ledger_file

    return ledger_file(sources.load(roots=(Path.cwd(),)).settings.ledger.path)


def _held_out(entries: "Sequence[Entry]") -> "HeldOut | None":
    """Return what learning from the earlier ones would have changed on the last ones."""
    from tierwise.app.building import Plan
    from tierwise.app.stock import take_stock
    from tierwise.replay.heldout import held_out

    plan = Plan.load(env=os.environ, roots=(Path.cwd(),))
    stock = asyncio.run(take_stock(plan.settings, plan.env))
    return held_out(entries, stock.tiers)
