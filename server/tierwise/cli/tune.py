"""Learn from recorded outcomes or from the ledger how able and how dear each model is, and write it to a policy file.

Of a ledger, it is also told what learning from its earlier days would have changed on the last ones.

The file is what ``tierwise replay --policy`` starts from, and what the setting ``routing.team_policy`` may name;
nothing changes until it does. It names no folder of this machine.
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
    from tierwise.replay.heldout import HeldOut


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what to learn from and where to write it."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--outcomes", type=Path, nargs="+", metavar="CSV", help="recorded outcomes to learn from")
    source.add_argument("--ledger", type=Path, metavar="PATH", help="ledger to learn from")
    parser.add_argument("--tasks", type=Path, metavar="CSV", help="the outcomes' prompts, of which the length is used")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="policy file to write")


def run(args: argparse.Namespace) -> int:
    """Learn, say what was learned, and write it."""
    from tierwise.ledger.file import LedgerError
    from tierwise.policies.learning.file import save
    from tierwise.policies.learning.study import study
    from tierwise.policies.learning.traits import placeless
    from tierwise.replay import heldout, lessons, outcomes, tuning

    try:
        entries = lessons.recorded(args.ledger) if args.ledger else ()
        told = lessons.cases_of(entries) if args.ledger else tuning.cases(outcomes.read(args.outcomes, args.tasks))
        if not told:
            raise outcomes.OutcomesError(f"{args.ledger} holds no answer yet that could be learned from")
        memory = study(told)
        save(args.out, placeless(memory))
    except (outcomes.OutcomesError, LedgerError) as error:
        print(f"tierwise tune: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"tierwise tune: {args.out} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print("\n".join(tuning.page(memory, told)))
    if args.ledger:
        print("\n".join(heldout.page(_held_out(entries))))
    print(f"Written to {args.out}.")
    return 0


def _held_out(entries: "Sequence[Entry]") -> "HeldOut | None":
    """Return what learning from the earlier ones would have changed on the last ones."""
    from tierwise.app.building import Plan
    from tierwise.app.stock import take_stock
    from tierwise.replay.heldout import held_out

    plan = Plan.load(env=os.environ, roots=(Path.cwd(),))
    stock = asyncio.run(take_stock(plan.settings, plan.env))
    return held_out(entries, stock.tiers)
