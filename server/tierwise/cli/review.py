"""Look for defects that linters do not see, in a file, a folder, what is not committed or a branch.

Code that was looked at before is not asked about again, whoever asked. ``--json`` prints one object: ``schema`` (1),
``root``, ``findings`` (``path``, ``line``, ``column``, ``end_line``, ``end_column``: from 1, columns in code points;
``concern``, ``severity``, ``cwe``, ``title``, ``detail``, ``ident``), ``estimate`` and ``run`` (``calls``, ``tokens``,
``dollars``: null where unknown), ``looked`` and ``known`` (units), ``left`` (files not wholly looked at), ``stopped``
(why), ``skipped`` and ``refused`` (counts by reason), ``precision`` (by concern: the share nobody dismissed).
``--sarif`` prints SARIF 2.1.0 instead. Exit code 0: nothing at ``--fail-on`` or graver, and all was looked at; 1: there
is something; 2: wrong usage; 3: not all was looked at.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierwise.core.money import dollars

from . import _batches, _consent
from ._numbers import amount

if TYPE_CHECKING:
    from tierwise.findings.known import Placed
    from tierwise.findings.plan import Estimate, Plan
    from tierwise.findings.review import Review
    from tierwise.findings.scan import Report
    from tierwise.findings.store import Store

SEVERITIES = ("error", "warning", "information", "hint")
PROFILES = ("standard", "audit")


class WrongPlaceError(Exception):
    """What is to be looked at does not exist; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What came of it; ``report`` is None where only the estimate was asked for."""

    root: Path
    planned: "Plan"
    estimate: "Estimate"
    report: "Report | None"
    placed: "list[Placed]"
    store: "Store"


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what is looked at and how it is printed."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="file or folder (this folder)")
    parser.add_argument("--diff", action="store_true", help="only units with changes that are not committed")
    parser.add_argument(
        "--branch", nargs="?", const="", metavar="BASE", help="only units changed since the base branch"
    )
    parser.add_argument("--profile", choices=PROFILES, help="how thoroughly (setting review.profile)")
    parser.add_argument("--budget", type=amount, metavar="DOLLARS", help="stop there (setting review.budget)")
    parser.add_argument(
        "--batch",
        action=argparse.BooleanOptionalAction,
        help="at half the price, answered within a day (setting review.batch)",
    )
    parser.add_argument("--cancel-batches", action="store_true", help="call off the batches that are under way")
    parser.add_argument("--estimate", action="store_true", help="say what it would cost and ask nobody")
    parser.add_argument("--yes", action="store_true", help="do not ask where the estimate is above budget.ask_above")
    parser.add_argument("--fail-on", choices=SEVERITIES, default="warning", help="gravity that makes it fail (warning)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--sarif", action="store_true", help="print SARIF 2.1.0")


def run(args: argparse.Namespace) -> int:
    """Review and print."""
    try:
        done = asyncio.run(_review(args))
    except WrongPlaceError as error:
        print(f"tierwise review: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        if args.batch:
            print(_batches.LEFT, file=sys.stderr)
        return 130
    if isinstance(done, int):
        return done
    try:
        _print(args, done)
        return _code(args, done)
    finally:
        done.store.close()


async def _review(args: argparse.Namespace) -> Reviewed | int:
    """Return what came of it, or where batches were called off the exit code."""
    from tierwise.app.building import Plan, build
    from tierwise.findings import profiles
    from tierwise.findings.review import FILE, Review
    from tierwise.findings.store import Store
    from tierwise.settings.paths import data_dir

    path = await asyncio.to_thread(lambda: Path(args.path).expanduser().resolve())
    if not await asyncio.to_thread(path.exists):
        raise WrongPlaceError(f"there is no {path}.")
    root = await asyncio.to_thread(_root_of, path)
    plan = await asyncio.to_thread(lambda: Plan.load(env=os.environ, roots=(root,)))
    settings = plan.settings.review
    if args.budget is not None:
        settings = settings.model_copy(update={"budget": args.budget})
    batch = settings.batch if args.batch is None else args.batch
    building = await build(plan, tell=_batches.say)
    try:
        if args.cancel_batches:
            return await _batches.call_off(building.engine, root)
        if not batch:
            await _batches.remind(building.engine, root)
        profile = profiles.PROFILES[args.profile or settings.profile]
        store = Store(data_dir() / FILE)
        review = Review(engine=building.engine, store=store, settings=settings, root=root, profile=profile, batch=batch)
        return await _scan(args, review, path, plan.settings.budget.ask_above)
    finally:
        await building.close()


async def _scan(args: argparse.Namespace, review: "Review", path: Path, limit: float | None) -> Reviewed:
    from tierwise.findings.known import known
    from tierwise.findings.review import concerns_of
    from tierwise.findings.scope import NoScopeError, Scope, extent
    from tierwise.workspace.ignore import Gate

    scope = Scope.DIFF if args.diff else Scope.BRANCH if args.branch is not None else Scope.WORKSPACE
    gate = Gate((review.root,))
    files = await asyncio.to_thread(lambda: tuple(each for each in gate.walk() if each.is_relative_to(path)))
    try:
        about = await extent(review.root, scope, files or (path,), args.branch or "")
    except NoScopeError as error:
        raise WrongPlaceError(str(error)) from None
    planned = await review.plan(about)
    told = await review.estimate(planned)
    goes_on = not args.estimate and (args.yes or await _consent.given(told, limit))
    report = await (await review.scan(planned)).run() if goes_on else None

    def collect() -> "list[Placed]":
        seen = about.paths if about.paths is not None else files
        documents = (review.read(each.as_uri()) for each in seen if each.is_relative_to(path))
        concerns = concerns_of(review.settings)
        return [
            each for document in documents if document for each in known(document, review.store, concerns, review.read)
        ]

    placed = await asyncio.to_thread(collect)
    return Reviewed(root=review.root, planned=planned, estimate=told, report=report, placed=placed, store=review.store)


def _root_of(path: Path) -> Path:
    """Return the folder of the repository that holds the path, else the path's own."""
    folder = path if path.is_dir() else path.parent
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _code(args: argparse.Namespace, done: Reviewed) -> int:
    bar = SEVERITIES.index(args.fail_on)
    if any(SEVERITIES.index(each.finding.severity) <= bar for each in done.placed):
        return 1
    return 3 if done.report is not None and done.report.left else 0


def _print(args: argparse.Namespace, done: Reviewed) -> None:
    if args.sarif:
        from tierwise.findings.sarif import log_of

        print(json.dumps(log_of(done.placed, done.root), indent=2))
    elif args.json:
        print(json.dumps(_object(done), indent=2))
    else:
        for each in done.placed:
            print(_line(each, done.root))
        print("\n".join(_summary(done)), file=sys.stderr)


def _object(done: Reviewed) -> dict[str, Any]:
    report = done.report
    bill = report.bill if report is not None else None
    return {
        "schema": 1,
        "root": str(done.root),
        "findings": [_finding(each, done.root) for each in done.placed],
        "estimate": asdict(done.estimate),
        "run": {
            "calls": bill.calls,
            "tokens": bill.tokens,
            "dollars": None if bill.unpriced else bill.dollars,
        }
        if bill is not None
        else None,
        "looked": report.looked if report is not None else 0,
        "known": done.planned.known,
        "left": [_short(uri, done.root) for uri in report.left] if report is not None else [],
        "stopped": report.stopped if report is not None else "",
        "skipped": {str(why): count for why, count in done.planned.skipped.items()},
        "refused": {str(why): count for why, count in report.refused.items()} if report is not None else {},
        "precision": {str(concern): tally.precision for concern, tally in done.store.tallies().items()},
    }


def _finding(placed: "Placed", root: Path) -> dict[str, Any]:
    finding, start, end = placed.finding, placed.span.start, placed.span.end
    return {
        "path": _short(placed.uri, root),
        "line": start.line + 1,
        "column": start.column + 1,
        "end_line": end.line + 1,
        "end_column": end.column + 1,
        "concern": str(finding.concern),
        "severity": finding.severity,
        "cwe": finding.cwe,
        "title": finding.title,
        "detail": finding.detail,
        "ident": finding.ident,
    }


def _line(placed: "Placed", root: Path) -> str:
    finding, start = placed.finding, placed.span.start
    cwe = f", CWE-{finding.cwe}" if finding.cwe else ""
    place = f"{_short(placed.uri, root)}:{start.line + 1}:{start.column + 1}"
    return f"{place}: {finding.severity}: {finding.title} [{finding.concern}{cwe}]\n    {finding.detail}"


def _summary(done: Reviewed) -> Sequence[str]:
    planned, report = done.planned, done.report
    lines = [f"{planned.units} units in {planned.documents} files, {planned.known} of them known."]
    if planned.skipped:
        lines.append("Not looked at: " + ", ".join(f"{count} {why}" for why, count in planned.skipped.items()) + ".")
    if report is None:
        return [*lines, f"The rest would take {_consent.cost_of(done.estimate)}."]
    bill = report.bill
    unknown = f", and {bill.unpriced} calls of unknown price" if bill.unpriced else ""
    lines.append(
        f"{bill.calls} calls, {bill.tokens} tokens, {dollars(bill.dollars)}{unknown}; {report.found} newly found."
    )
    if report.refused:
        lines.append("Dropped: " + ", ".join(f"{count} {why}" for why, count in report.refused.items()) + ".")
    if report.left:
        lines.append(
            f"{len(report.left)} files are left: {report.stopped or 'the answers about them were unreadable'}."
        )
    return lines


def _short(uri: str, root: Path) -> str:
    from tierwise.findings.survey import path_of

    path = path_of(uri)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
