"""Do one piece of work from the terminal: a commit message, a review, an edit of a file.

A text or report is printed; changes are printed as a diff, and made with ``--apply``; what the model says of them, as
the plan of a refactoring, goes to standard error. ``--json`` prints one object: ``kind``, ``text``, ``files`` (``uri``,
``before``, ``after``; null where the file did not or does not exist), ``tier``, ``model``, ``cost`` (dollars, null:
unknown), ``reason``.
"""

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copymode
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.edit import RenameFile
from tierwise.core.text import Position, Span, Text

if TYPE_CHECKING:
    from tierwise.core.edit import Edit
    from tierwise.core.outcome import Outcome
    from tierwise.core.task import Task
    from tierwise.engine import Engine
    from tierwise.features.work import Order
    from tierwise.tasks import Ground
    from tierwise.workspace.journal import Leaf

_PLACE = re.compile(r"^(?P<path>.+?)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?$")


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what is done, where, and with which words."""
    parser.add_argument("name", metavar="NAME", help="kind of work: commit_message, review, edit, tests ...")
    parser.add_argument("place", metavar="FILE[:LINE[-LINE]]", nargs="?", help="the file and lines it is about")
    parser.add_argument("-i", "--instruction", default="", help="what to do, in your own words")
    parser.add_argument(
        "--set", metavar="NAME=TEXT", action="append", default=[], help="a further argument of the kind"
    )
    parser.add_argument("--apply", action="store_true", help="make the changes instead of printing them")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where there is no answer."""
    from tierwise.features.work import UndoableError
    from tierwise.tasks import UnknownKindError

    try:
        return asyncio.run(_run(args))
    except (UndoableError, UnknownKindError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What came of the work: its text, the files before and after, what is said of them, and who did it."""

    kind: str
    text: str
    edits: "Sequence[Edit]"
    leaves: "Sequence[Leaf]"
    said: str
    outcome: "Outcome"
    cost: float | None


async def _run(args: argparse.Namespace) -> int:
    from tierwise.app.building import Plan, build

    root = Path(os.path.realpath(Path.cwd()))  # noqa: ASYNC240 - nothing else waits here
    building = await build(Plan.load(env=os.environ, roots=(root,)))
    try:
        result = await _done(building.engine, _order(args, building.engine), root)
    finally:
        await building.close()
    if args.json:
        print(json.dumps(_plain(result), indent=2, ensure_ascii=False))
    elif result.leaves:
        sys.stderr.write(f"{result.said}\n\n" if result.said else "")
        print("".join(_diff(leaf, root) for leaf in result.leaves), end="")
    else:
        print(result.text)
    if args.apply:
        _write(result, root)
    return 0


async def _done(engine: "Engine", order: "Order", root: Path) -> _Result:
    from tierwise.features import work

    place = work.ground(engine, root, {}, order.arguments)
    if order.kind == "refactor_files":
        return await _refactored(engine, order, place)
    done = await work.carry_out(engine, order, place)
    candidate = done.outcome.candidate
    if candidate is None:
        raise work.UndoableError(work.nothing(done.outcome))
    return _Result(
        kind=order.kind,
        text=candidate.text,
        edits=candidate.edits,
        leaves=_leaves(candidate.edits, done.task),
        said=work.remark(engine.parts.kinds(order.kind), done.outcome),
        outcome=done.outcome,
        cost=done.outcome.cost,
    )


async def _refactored(engine: "Engine", order: "Order", place: "Ground") -> _Result:
    from tierwise.features.refactoring import refactor
    from tierwise.features.steps import Steps
    from tierwise.lsp.progress import Progress

    done = await refactor(engine, order, place, Steps(Progress(lambda _method, _params: None, None)))
    leaves = _leaves(done.edits, done.task)
    return _Result(
        kind=order.kind,
        text=done.plan,
        edits=done.edits,
        leaves=leaves,
        said=done.plan,
        outcome=done.outcomes[0],
        cost=done.cost,
    )


def _order(args: argparse.Namespace, engine: "Engine") -> "Order":
    from tierwise.features.work import Order

    engine.parts.kinds(args.name)
    document, span = _at(args.place) if args.place else (None, None)
    pairs = (text.partition("=") for text in args.set)
    return Order(
        kind=args.name,
        feature="command",
        document=document,
        span=span,
        instruction=args.instruction,
        arguments={name: value for name, _, value in pairs},
    )


def _at(place: str) -> tuple[Document, Span]:
    from tierwise.features.landing import read
    from tierwise.features.work import UndoableError
    from tierwise.workspace import grammars

    named = _PLACE.match(place)
    path = Path(os.path.abspath(named["path"] if named else place))  # noqa: PTH100 - a link stays the link it is
    text = read(path)
    if text is None or named is None:
        raise UndoableError(f"{place} cannot be read as a text in UTF-8.")
    document = Document(uri=path.as_uri(), version=None, language=grammars.language_of(path.name), text=text)
    first = int(named["first"] or 1) - 1
    start = text.clamp(Position(first, 0))
    if named["last"] is None:
        return document, Span(start, start)
    last = text.clamp(Position(int(named["last"]) - 1, 0))
    return document, Span(start, Position(last.line, len(text.line(last.line))))


def _leaves(edits: "Sequence[Edit]", task: "Task") -> "list[Leaf]":
    from tierwise.engine.shape import texts
    from tierwise.workspace.journal import leaves_of

    return leaves_of(edits, texts(task))


def _diff(leaf: "Leaf", root: Path) -> str:
    from difflib import unified_diff

    from tierwise.features.landing import path_of

    path = path_of(leaf.uri)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    old, new = (Text.of(text or "").raw_lines() for text in (leaf.before, leaf.after))
    before = "/dev/null" if leaf.before is None else f"a/{name}"
    after = "/dev/null" if leaf.after is None else f"b/{name}"
    lines = (line if line.endswith("\n") else f"{line}\n" for line in unified_diff([*old], [*new], before, after))
    return "".join(line for line in lines if line.strip("\n") or line == "\n")


def _write(result: _Result, root: Path) -> None:
    """Make the changes; line ends and permissions of the files stay as they are. What changes several files can be
    taken back by ``tierwise.undo`` in an editor. Raises ``UndoableError``.
    """
    from tierwise.features.landing import path_of, read
    from tierwise.features.work import UndoableError
    from tierwise.settings.paths import data_dir
    from tierwise.workspace.creation import UncreatableError, create
    from tierwise.workspace.journal import Journal

    for leaf in result.leaves:
        now = read(path_of(leaf.uri))
        if leaf.before is not None and (now is None or str(now) != leaf.before):
            raise UndoableError(f"{path_of(leaf.uri).name} has changed meanwhile: nothing was written.")
    if len(result.leaves) > 1:
        Journal(data_dir() / "journal").write(result.kind, result.leaves)
    try:
        for leaf in result.leaves:
            if leaf.before is None and leaf.after is not None:
                create(path_of(leaf.uri), leaf.after, (root,))
        for edit in result.edits:
            if isinstance(edit, RenameFile):
                copymode(path_of(edit.old_uri), path_of(edit.new_uri))
        for leaf in result.leaves:
            if leaf.before is not None:
                _change(path_of(leaf.uri), leaf.after)
    except (UncreatableError, OSError) as error:
        raise UndoableError(str(error)) from None


def _change(path: Path, after: str | None) -> None:
    if after is None:
        path.unlink(missing_ok=True)
        return
    mark = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
    path.write_bytes(mark + after.encode())


def _plain(result: _Result) -> dict[str, object]:
    answer = result.outcome.answer
    return {
        "kind": result.kind,
        "text": result.text,
        "files": [{"uri": leaf.uri, "before": leaf.before, "after": leaf.after} for leaf in result.leaves],
        "tier": answer.tier if answer else None,
        "model": answer.model.ref if answer else None,
        "cost": result.cost,
        "reason": result.outcome.decision.reason,
    }
