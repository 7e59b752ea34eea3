"""Do one piece of work from the terminal: a commit message, a review, an edit of a file.

A text or report is printed; changes are printed as a diff, and made with ``--apply``. ``--json`` prints one object:
``kind``, ``text``, ``files`` (``uri``, ``before``, ``after``; null where the file did not or does not exist), ``tier``,
``model``, ``cost`` (dollars, null: unknown), ``reason``.
"""

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text

if TYPE_CHECKING:
    from tierwise.engine import Engine
    from tierwise.features.work import Done, Order
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


async def _run(args: argparse.Namespace) -> int:
    from tierwise.app.building import Plan, build
    from tierwise.features import work

    root = Path(os.path.realpath(Path.cwd()))  # noqa: ASYNC240 - nothing else waits here
    building = await build(Plan.load(env=os.environ, roots=(root,)))
    try:
        order = _order(args, building.engine)
        done = await work.carry_out(building.engine, order, work.ground(root, {}, order.arguments))
    finally:
        await building.close()
    if done.outcome.candidate is None:
        raise work.UndoableError(work.nothing(done.outcome))
    leaves = _leaves(done)
    if args.json:
        print(json.dumps(_plain(done, leaves), indent=2, ensure_ascii=False))
    elif leaves:
        print("".join(_diff(leaf, root) for leaf in leaves), end="")
    else:
        print(done.outcome.candidate.text)
    if args.apply:
        _write(leaves)
    return 0


def _order(args: argparse.Namespace, engine: "Engine") -> "Order":
    from tierwise.features.work import Order, UndoableError

    if args.name == "refactor_files":
        raise UndoableError("A refactoring over files is shown and confirmed in an editor: run it there.")
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


def _leaves(done: "Done") -> "list[Leaf]":
    from tierwise.engine.shape import texts
    from tierwise.workspace.journal import leaves_of

    candidate = done.outcome.candidate
    return leaves_of(candidate.edits, texts(done.task)) if candidate else []


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


def _write(leaves: "Sequence[Leaf]") -> None:
    """Make the changes; line ends and permissions of the files stay as they are."""
    from tierwise.features.landing import path_of

    for leaf in leaves:
        path = path_of(leaf.uri)
        if leaf.after is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        mark = b"\xef\xbb\xbf" if path.exists() and path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        path.write_bytes(mark + leaf.after.encode())


def _plain(done: "Done", leaves: "Sequence[Leaf]") -> dict[str, object]:
    answer, candidate = done.outcome.answer, done.outcome.candidate
    return {
        "kind": done.task.kind,
        "text": candidate.text if candidate else "",
        "files": [{"uri": leaf.uri, "before": leaf.before, "after": leaf.after} for leaf in leaves],
        "tier": answer.tier if answer else None,
        "model": answer.model.ref if answer else None,
        "cost": done.outcome.cost,
        "reason": done.outcome.decision.reason,
    }
