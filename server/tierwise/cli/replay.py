"""Replay recorded outcomes through the engine: what each policy costs and solves, and what it saves at equal quality.

``--json`` prints one object: ``pool``, ``tasks``, ``seeds``, ``verifier``, ``policy``, ``estimated_costs``,
``always_frontier``, ``knob`` (each with ``calls``, ``cost``, ``quality``, ``frontier_share``), ``saved`` (by policy:
``S100``, ``S99``, ``S95`` with ``saving``, ``low``, ``high``), ``lead_over_best_fixed_sub_chains`` and ``two_models``.
S_x is the saving at x % of always-frontier's quality: one less the cheapest cost at which the policy's points,
always-frontier and random mixes of them reach that quality, over always-frontier's cost. The pool's last model is the
frontier.
"""

import argparse
import json
import sys
from pathlib import Path

SEEDS = 20


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what to replay, for whom, and under which verifier."""
    parser.add_argument("--outcomes", type=Path, nargs="+", required=True, metavar="CSV", help="recorded outcomes")
    parser.add_argument("--tasks", type=Path, metavar="CSV", help="the tasks' prompts, of which the length is used")
    parser.add_argument("--pool", required=True, metavar="A,B,C", help="models to choose from, the frontier last")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="what `tierwise tune` learned (default: from cold)")
    parser.add_argument("--verifier-fa", type=_rate, default=0.1, metavar="RATE", help="false accepts (default 0.1)")
    parser.add_argument("--verifier-fr", type=_rate, default=0.1, metavar="RATE", help="false rejects (default 0.1)")
    parser.add_argument("--seeds", type=_count, default=SEEDS, metavar="N", help=f"runs to average (default {SEEDS})")
    parser.add_argument("--shuffle-tiers", action="store_true", help="rename the tiers and mix up their order")
    parser.add_argument("--baselines", action="store_true", help="show what a policy has to beat")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a page")


def run(args: argparse.Namespace) -> int:
    """Replay and print the figures."""
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
