"""Measure how well `tierwise review` finds defects: seeded ones, in files with and without them.

Lets ways of looking go through the same files: one look by the `fast` tier, one by `frontier`, the two stages of
`tierwise review` (`fast`, confirmed by `mid`), and its audit (`frontier`) through those with security holes. Without
``--live`` rehearsed models answer, whose sight is known (``--script``): that shows the arithmetic and costs nothing.
With ``--live`` your own models answer; only the estimate is made unless you say ``--yes``. ``--files``: ``own`` are
short ones in three languages, ``real`` those of Python's library and of packages that are installed here, and longer.
``--json`` prints one object: ``schema`` (1), ``live``, ``script`` (or null), ``cases``, ``estimate`` (``calls``,
``tokens``, ``dollars``: null where unknown) and ``ways``: ``way``, ``models``, ``flawed`` and ``clean`` (files
answered), ``true``, ``named`` (also as the right concern), ``false``, ``repeated``, ``crying`` (clean files with a
finding), ``precision``, ``precision_interval``, ``recall``, ``recall_interval`` (95 %), ``f1``, ``calls``, ``tokens``,
``cost``, ``cost_per_true``, ``seconds``, ``by_concern`` (defects found and there), ``missing`` (files not answered)
and ``why``. Exit code 1: files were not answered; 2: it cannot be done.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierwise.evaluation.defects.cases import Case
    from tierwise.evaluation.defects.hunt import Tally

FILES = ("own", "real", "all")
SCRIPTS = ("perfect", "noisy", "blind")


class RefusedError(Exception):
    """It cannot be done; the message says what to do."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare who answers, about which cases and how it is printed."""
    parser.add_argument("--live", action="store_true", help="ask your own models")
    parser.add_argument("--yes", action="store_true", help="with --live: do ask; without it only the estimate is made")
    parser.add_argument(
        "--script", choices=SCRIPTS, default="noisy", help="how well the rehearsed `fast` tier sees (noisy)"
    )
    parser.add_argument("--files", choices=FILES, default="own", help="short ones of ours, real ones, or all (own)")
    parser.add_argument("--concerns", default="", metavar="A,B", help="only defects of these kinds")
    parser.add_argument("--languages", default="", metavar="A,B", help="only these languages")
    parser.add_argument("--budget", type=float, metavar="DOLLARS", help="with --live: stop before more is spent")
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="files looked at together (4)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int:
    """Look, grade, print."""
    from tierwise.evaluation.defects.ways import NoModelError

    try:
        told = asyncio.run(_measured(args))
    except (RefusedError, NoModelError) as error:
        print(f"tierwise defects: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(told, indent=2))
    else:
        from ._defects_table import show

        show(told)
    return int(any(way["missing"] for way in told["ways"]))


async def _measured(args: argparse.Namespace) -> dict[str, Any]:
    from tierwise.evaluation.defects.cases import cases as own
    from tierwise.evaluation.defects.cases import chosen
    from tierwise.evaluation.defects.real import real

    among = [*(own() if args.files != "real" else ()), *(real() if args.files != "own" else ())]
    cases = chosen(_names(args.concerns), _names(args.languages), among)
    if not cases:
        raise RefusedError("there is no such case: look at --files, --concerns and --languages.")
    with tempfile.TemporaryDirectory(prefix="tierwise-defects-") as folder:
        home = await asyncio.to_thread(Path(folder).resolve)
        if args.live:
            return await _hunt(args, cases, home, os.environ)
        return await _rehearsed(args, cases, home)


async def _rehearsed(args: argparse.Namespace, cases: "Sequence[Case]", home: Path) -> dict[str, Any]:
    from tierwise.evaluation.defects.scripted import CASTS, CONFIG, Cast
    from tierwise.rehearsal import Rehearsal
    from tierwise.settings.paths import CONFIG as CONFIG_VARIABLE
    from tierwise.settings.paths import DATA_DIR

    settings = home / "config.toml"
    settings.write_text(CONFIG, "utf-8")
    async with Rehearsal(Cast(cases, CASTS[args.script])) as vendors:
        env = {
            DATA_DIR: str(home / "data"),
            CONFIG_VARIABLE: str(settings),
            "ANTHROPIC_API_KEY": "rehearsal",
            "ANTHROPIC_BASE_URL": vendors.url_anthropic,
        }
        return await _hunt(args, cases, home, env)


async def _hunt(
    args: argparse.Namespace, cases: "Sequence[Case]", home: Path, env: Mapping[str, str]
) -> dict[str, Any]:
    from tierwise.app.building import Plan, build
    from tierwise.evaluation.defects.hunt import Hunt, lay_out
    from tierwise.evaluation.defects.ways import ways

    files = await asyncio.to_thread(lay_out, cases, home / "files")
    building = await build(Plan.load(env=env, roots=(home / "files",)))
    try:
        compared = ways(building.engine.parts.tiers)
        hunt = Hunt(
            engine=building.engine,
            files=files,
            ways=compared,
            budget=args.budget if args.live else None,
            jobs=max(1, args.jobs),
            tell=(lambda line: print(line, file=sys.stderr)) if args.live else lambda _line: None,
        )
        estimate = await hunt.estimate()
        tallies = await hunt.run() if args.yes or not args.live else []
    finally:
        await building.close()
    return {
        "schema": 1,
        "live": args.live,
        "script": None if args.live else args.script,
        "cases": len(cases),
        "estimate": asdict(estimate),
        "ways": [_told(tally) for tally in tallies],
    }


def _told(tally: "Tally") -> dict[str, Any]:
    total = tally.sum()
    plain = asdict(total)
    return {
        "way": tally.way.name,
        "models": {kind: model.ref for kind, (_, model) in tally.way.models.items()},
        **{name: plain[name] for name in ("flawed", "clean", "true", "named", "false", "repeated", "crying")},
        "precision": total.precision,
        "precision_interval": total.precision_interval,
        "recall": total.recall,
        "recall_interval": total.recall_interval,
        "f1": total.f1,
        "calls": total.calls,
        "tokens": total.tokens,
        "cost": total.dollars,
        "cost_per_true": total.per_true,
        "seconds": total.seconds,
        "by_concern": {name: {"found": found, "there": there} for name, (found, there) in total.by_concern.items()},
        "missing": tally.missing,
        "why": sorted(tally.why),
    }


def _names(said: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in said.split(",") if name.strip())
