"""Measure every tier on your own repository: tasks made of its code and history, graded by its tests.

Prints quality and cost of each tier with 95 % intervals and, where two tiers or more answered, what routing between
them would save. ``--out`` holds the outcomes, one row for each task and tier, which `tierwise tune` and `tierwise
replay` read; what is in it already is not asked again. Without ``--yes`` only the estimate is made. Runs the project's
tests, shut in where the system can: trust the folder in the settings or say ``--trust``.
``--json`` prints ``puzzles``, ``estimate``, ``spent``, ``skipped``, ``tiers`` (``tier``, ``model``, ``answers``,
``solved``, ``low``, ``high``, ``cost``, ``seconds``) and ``replay`` (as `tierwise replay --json`, or null).
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._numbers import amount, positive

if TYPE_CHECKING:
    from tierwise.app.building import Building
    from tierwise.checks import Site
    from tierwise.evaluation.summary import Figure
    from tierwise.evaluation.trial import Trial

SORTS = ("line", "block", "body", "docstring", "fix")


class RefusedError(Exception):
    """It cannot be done; the message says what to do."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what to measure and how far to go."""
    parser.add_argument("path", type=Path, metavar="PATH", help="the repository")
    parser.add_argument("--tasks", type=positive, default=30, metavar="N", help="how many tasks (30)")
    parser.add_argument("--sorts", default=",".join(SORTS), metavar="A,B", help=f"of {', '.join(SORTS)} (all)")
    parser.add_argument("--tiers", default="", metavar="A,B", help="tiers to measure, cheap ones first (all but local)")
    parser.add_argument("--out", type=Path, default=Path("outcomes.csv"), metavar="CSV", help="where outcomes are kept")
    parser.add_argument("--budget", type=amount, metavar="DOLLARS", help="stop before more is spent")
    parser.add_argument("--jobs", type=positive, default=2, metavar="N", help="answers at a time (2)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which tasks are drawn (0)")
    parser.add_argument("--trust", action="store_true", help="let the project's tests run")
    parser.add_argument("--unconfined", action="store_true", help="also where they cannot be shut in")
    parser.add_argument("--yes", action="store_true", help="ask the models; without it only the estimate is made")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(args: argparse.Namespace) -> int:
    """Collect, estimate, ask, grade, print."""
    from tierwise.checks.ground.confined import CannotConfineError
    from tierwise.checks.ground.duplicate import TooLargeError
    from tierwise.checks.ground.process import CannotStartError
    from tierwise.evaluation.record import RecordError

    try:
        told = asyncio.run(_measure(args))
    except (RefusedError, RecordError, CannotConfineError, TooLargeError, CannotStartError, OSError) as error:
        print(f"tierwise eval: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(told, indent=2))
    else:
        _show(told, args)
    return 0


async def _measure(args: argparse.Namespace) -> dict[str, Any]:
    from tierwise.app.building import Plan, build

    root: Path = await asyncio.to_thread(args.path.resolve)
    if not await asyncio.to_thread(root.is_dir):
        raise RefusedError(f"{args.path} is no folder.")
    building = await build(Plan.load(env=os.environ, roots=(root,)))
    try:
        return await _with(args, root, building)
    finally:
        await building.close()


async def _with(args: argparse.Namespace, root: Path, building: "Building") -> dict[str, Any]:
    from tierwise.core.money import dollars
    from tierwise.evaluation.collecting import collect
    from tierwise.evaluation.grading import Grader
    from tierwise.evaluation.puzzles import Sort
    from tierwise.evaluation.record import mend, read
    from tierwise.evaluation.summary import summarise
    from tierwise.evaluation.trial import Plan, Trial

    wanted = [name.strip() for name in args.sorts.split(",") if name.strip()]
    if not set(wanted) <= set(SORTS):
        raise RefusedError(f"--sorts takes {', '.join(SORTS)}.")
    tiers = building.engine.parts.tiers
    asked = [name.strip() for name in args.tiers.split(",") if name.strip()]
    unknown = [name for name in asked if name not in tiers]
    if unknown:
        raise RefusedError(f"there is no tier {', '.join(unknown)}; there are {', '.join(tiers)}.")
    grader = Grader(_site(args, root, building))
    puzzles = await collect(root, [Sort(name) for name in wanted], args.tasks, grader, args.seed)
    if not puzzles:
        raise RefusedError("no task could be made: it takes Python code with tests that pass and notice a change.")
    names = asked or [name for name in tiers if name != "local"]
    models = {name: tiers[name].models[0] for name in names if name in tiers and tiers[name].models}
    if not models:
        raise RefusedError("none of these tiers has a model (`tierwise doctor` says which have).")
    unpriced = [model.ref for model in models.values() if model.price is None]
    if unpriced:
        raise RefusedError(f"the price of {', '.join(unpriced)} is not known: write it under [models] in the settings.")
    done = frozenset((row.task_id, row.tier) for row in mend(args.out))
    plan = Plan(root=root, puzzles=puzzles, models=models, out=args.out, budget=args.budget, jobs=args.jobs, done=done)
    trial = Trial(plan=plan, engine=building.engine, grader=grader, tell=lambda line: print(line, file=sys.stderr))
    estimate = await trial.estimate()
    if args.yes:
        trial.tell(f"{len(plan.left())} answers are asked for, about {dollars(estimate)} in all.")
        await trial.run()
    mine = {puzzle.id for puzzle in puzzles}
    rows = [row for row in read(args.out) if row.task_id in mine]
    return _told(trial, estimate, summarise(rows, models), await asyncio.to_thread(_replayed, args.out, rows, models))


def _site(args: argparse.Namespace, root: Path, building: "Building") -> "Site":
    from tierwise.app.deciding import sites
    from tierwise.core.task import Task

    site = sites(building.settings)(Task(id="eval", kind="fix", feature="eval", facts={"root": str(root)}))
    trusted = (*site.allowed.trusted, root) if args.trust else site.allowed.trusted
    allowed = replace(site.allowed, trusted=trusted, unconfined=site.allowed.unconfined or args.unconfined)
    site = replace(site, allowed=allowed)
    if not site.trusted:
        raise RefusedError(f"this runs the tests of {root}: add it to checks.trusted_workspaces, or say --trust.")
    return site


def _told(
    trial: "Trial", estimate: float, figures: "Sequence[Figure]", replay: dict[str, Any] | None
) -> dict[str, Any]:
    sorts: dict[str, int] = {}
    for puzzle in trial.plan.puzzles:
        sorts[puzzle.sort.value] = sorts.get(puzzle.sort.value, 0) + 1
    return {
        "puzzles": sorts,
        "estimate": estimate,
        "spent": trial.spent,
        "skipped": trial.skipped,
        "tiers": [asdict(figure) for figure in figures],
        "replay": replay,
    }


def _replayed(out: Path, rows: Sequence[Any], models: dict[str, Any]) -> dict[str, Any] | None:
    """Return what policies would have saved on the outcomes; None with fewer than two tiers."""
    from tierwise.replay.figures import figures
    from tierwise.replay.outcomes import OutcomesError, read
    from tierwise.replay.stage import Noise
    from tierwise.replay.sweep import Setup

    pool = tuple(dict.fromkeys(model.ref for model in models.values() if any(row.model == model.ref for row in rows)))
    if len(pool) < 2:
        return None
    try:
        outcomes = read([out], None).of(pool)
    except OutcomesError:
        return None
    if not any(task.results[pool[-1]].solved for task in outcomes.tasks):
        return None  # equal quality to nothing solved says nothing
    noise = Noise(false_accept=0.0, false_reject=0.0)
    return figures(Setup(outcomes=outcomes, pool=pool, noise=noise, seeds=3), baselines=True).to_json()


def _show(told: dict[str, Any], args: argparse.Namespace) -> None:
    from rich.table import Table

    from tierwise.core.money import dollars
    from tierwise.ledger.figures import plural, seconds

    from ._ledger import console

    page = console()
    made = ", ".join(f"{count} {sort}" for sort, count in told["puzzles"].items())
    page.print(f"Tasks: {made}. Estimate for what is not answered yet: about {dollars(told['estimate'])}.")
    if not args.yes:
        page.print("Nothing was asked: say --yes to let every tier answer.")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("Tier", "Model", "Answers", "Solved", "95 %", "$ an answer", "Seconds"):
        table.add_column(heading, justify="left" if heading in ("Tier", "Model") else "right")
    for each in told["tiers"]:
        interval = f"{each['low']:.0%} to {each['high']:.0%}"
        solved = f"{each['solved']:.0%}"
        table.add_row(
            each["tier"], each["model"], str(each["answers"]), solved, interval, dollars(each["cost"]),
            seconds(each["seconds"]),
        )  # fmt: skip
    page.print(table)
    if told["skipped"]:
        page.print(f"{plural(told['skipped'], 'answer')} are missing: failures, or the budget; run it again for them.")
    if told["replay"]:
        page.print("Saved at 99 % of the last tier's quality (a verifier that never errs; 95 % interval):")
        for name, saved in told["replay"]["saved"].items():
            found = saved["S99"]
            page.print(f"  {name:<32} {found['saving']:.0%} ({found['low']:.0%} to {found['high']:.0%})")
