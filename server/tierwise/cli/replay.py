"""Replay recorded outcomes through the engine: what each policy costs and solves, and what it saves at equal quality.

``--json`` prints one object: ``pool``, ``tasks``, ``seeds``, ``verifier``, ``policy``, ``estimated_costs``,
``always_frontier``, ``knob`` (each with ``calls``, ``cost``, ``quality``, ``frontier_share``), ``saved`` (by policy:
``S100``, ``S99``, ``S95`` with ``saving``, ``low``, ``high``), ``lead_over_best_fixed_sub_chains`` and ``two_models``.
S_x is the saving at x % of always-frontier's quality: one less the cheapest cost at which the policy's points,
always-frontier and random mixes of them reach that quality, over always-frontier's cost. The pool's last model is the
frontier.

With ``--ledger`` your own requests are replayed instead, under the settings of ``--config`` or those in force: what
their answers would have cost. ``--json`` then prints ``ledger``, ``config``, ``estimate`` (true) and ``kinds``, a list
of ``kind``, ``requests``, ``moved`` (asked of another model first), ``paid``, ``would`` (dollars), ``answered``,
``would_answer`` and ``unknown``.
"""

import argparse
import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from . import _span

if TYPE_CHECKING:
    from tierwise.replay.rerun import Line

SEEDS = 20

MOST = 100_000
"""Requests of the ledger that are replayed, the newest ones."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what to replay, for whom, and under which verifier."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--outcomes", type=Path, nargs="+", metavar="CSV", help="recorded outcomes")
    source.add_argument(
        "--ledger",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="PATH",
        help="your own requests: this ledger's, or without a path that of the settings",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings to replay the ledger under")
    _span.options(parser)
    parser.add_argument("--tasks", type=Path, metavar="CSV", help="the tasks' prompts, of which the length is used")
    parser.add_argument("--pool", default="", metavar="A,B,C", help="models to choose from, the frontier last")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="what `tierwise tune` learned (default: from cold)")
    parser.add_argument("--verifier-fa", type=_rate, default=0.1, metavar="RATE", help="false accepts (default 0.1)")
    parser.add_argument("--verifier-fr", type=_rate, default=0.1, metavar="RATE", help="false rejects (default 0.1)")
    parser.add_argument("--seeds", type=_count, default=SEEDS, metavar="N", help=f"runs to average (default {SEEDS})")
    parser.add_argument("--shuffle-tiers", action="store_true", help="rename the tiers and mix up their order")
    parser.add_argument("--baselines", action="store_true", help="show what a policy has to beat")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a page")


def run(args: argparse.Namespace) -> int:
    """Replay and print the figures."""
    return _ledger(args) if args.ledger is not None else _outcomes(args)


def _ledger(args: argparse.Namespace) -> int:
    from tierwise.ledger.file import LedgerError
    from tierwise.replay.rerun import page

    try:
        path, lines = asyncio.run(_again(args))
    except (LedgerError, _span.SpanError) as error:
        print(f"tierwise replay: {error}", file=sys.stderr)
        return 1 if isinstance(error, LedgerError) else 2
    under = str(args.config) if args.config else "the settings in force"
    if args.json:
        told = {"ledger": str(path), "config": str(args.config or ""), "estimate": True}
        print(json.dumps({**told, "kinds": [asdict(line) for line in lines]}, indent=2))
    elif lines:
        print("\n".join(page(lines, under)))
    else:
        print(f"{path} holds no answer of that time.")
    return 0


async def _again(args: argparse.Namespace) -> "tuple[Path, tuple[Line, ...]]":
    """Return the ledger's path and its requests under the other settings; no model is asked."""
    from tierwise.app.building import Plan, build
    from tierwise.ledger.history import history
    from tierwise.replay.rerun import rerun
    from tierwise.settings.paths import ledger_file

    since, until = _span.span(args)
    root = Path.cwd()
    mine = Plan.load(env=os.environ, roots=(root,))
    path = args.ledger if args.ledger != Path() else ledger_file(mine.settings.ledger.path, os.environ)
    plan = Plan.load(env={**os.environ, "TIERWISE_CONFIG": str(args.config)}, roots=(root,)) if args.config else mine
    for problem in plan.problems:
        print(f"tierwise replay: {problem}", file=sys.stderr)
    entries = [
        entry
        for entry in history(path, last=MOST)
        if (since is None or entry.at >= since) and (until is None or entry.at < until)
    ]
    building = await build(plan.unrecorded())
    try:
        return path, rerun(entries, building.engine.decide, building.stock.tiers)
    finally:
        await building.close()


def _outcomes(args: argparse.Namespace) -> int:
    from tierwise.policies.learning.file import PolicyFileError, load
    from tierwise.replay.figures import figures, page
    from tierwise.replay.outcomes import OutcomesError, read
    from tierwise.replay.stage import Noise
    from tierwise.replay.sweep import Setup

    pool = tuple(name.strip() for name in args.pool.split(",") if name.strip())
    try:
        setup = Setup(
            outcomes=read(args.outcomes, args.tasks).of(pool),
            pool=pool,
            noise=Noise(false_accept=args.verifier_fa, false_reject=args.verifier_fr),
            seeds=args.seeds,
            memory=load(args.policy) if args.policy else None,
            shuffle_tiers=args.shuffle_tiers,
        )
    except (OutcomesError, PolicyFileError) as error:
        print(f"tierwise replay: {error}", file=sys.stderr)
        return 2
    found = figures(setup, baselines=args.baselines)
    if args.json:
        print(json.dumps(found.to_json(), indent=2))
    else:
        print("\n".join(page(found)))
    return 0


def _rate(text: str) -> float:
    rate = float(text)
    if not 0.0 <= rate < 1.0:
        raise argparse.ArgumentTypeError(f"{text} is no rate from 0 up to 1")
    return rate


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least one run is needed")
    return count
