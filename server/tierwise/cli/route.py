"""Explain who would answer a task, for how much, and what would change it; no model is asked.

The task is described (``--kind``, ``--language``, ``--files``, ``--instruction``, ``--output``) or real (``FILE:LINE``,
lines from 1). ``--json`` prints one object: ``schema`` (1), ``task``, ``decision`` (``policy``, ``reason``,
``confidence``, ``ladder``, ``signals``), ``candidates`` (``tier``, ``model``, ``place`` on the ladder or null,
``price``, ``tokens``, ``cost``: dollars of one call, null where unknown; ``chance`` and ``outcomes``: null where
nothing is learned; ``level``: whose outcomes they mostly are, ``own``, ``team`` or ``bundled``; ``levels``: how many
each has; ``barred``) and ``changes`` (``when``, ``ladder``, ``reason``).
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierwise.core.task import Task
    from tierwise.engine.explanation import Explanation


class DescriptionError(Exception):
    """The task that is described does not exist; the message says what to write."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare how a task is described."""
    parser.add_argument("place", nargs="?", metavar="FILE:LINE", help="a real place to ask about")
    parser.add_argument("--kind", default="fix", metavar="NAME", help="task kind (fix)")
    parser.add_argument("--feature", default="code_action", metavar="NAME", help="feature that asks (code_action)")
    parser.add_argument("--language", metavar="NAME", help="language identifier, as editors send it")
    parser.add_argument("--files", type=_count, metavar="N", help="how many files are concerned")
    parser.add_argument("--output", type=_count, metavar="N", help="how many tokens are expected back")
    parser.add_argument("--instruction", default="", metavar="TEXT", help="what the user says")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(args: argparse.Namespace) -> int:
    """Print the explanation."""
    try:
        explanation = asyncio.run(_explain(args))
    except DescriptionError as error:
        print(f"tierwise route: {error}", file=sys.stderr)
        return 2
    if args.json:
        from tierwise.engine.account import written

        print(json.dumps(written(explanation), indent=2))
    else:
        from . import _route_page

        _route_page.show(explanation)
    return 0 if explanation.decision.ladder else 1


async def _explain(args: argparse.Namespace) -> "Explanation":
    from tierwise.app.building import Plan, build
    from tierwise.tasks import UnknownKindError

    root = Path.cwd()
    task = _described(args, root)
    plan = Plan.load(env=os.environ, roots=(root,))
    building = await build(plan.unrecorded())
    try:
        return building.engine.explain(task)
    except UnknownKindError as error:
        raise DescriptionError(str(error)) from None
    finally:
        await building.close()


def _described(args: argparse.Namespace, root: Path) -> "Task":
    from tierwise.core.document import Document
    from tierwise.core.task import Task
    from tierwise.core.text import Span, Text
    from tierwise.workspace import grammars

    facts: dict[str, str | float | int | bool] = {"root": str(root)}
    if args.files is not None:
        facts["files"] = args.files
    document = span = None
    if args.place:
        path, line = _place(args.place)
        language = args.language or grammars.language_of(path.name)
        document = Document(uri=path.as_uri(), version=None, language=language, text=Text.of(_read(path)))
        if line > document.text.line_count:
            raise DescriptionError(f"{path} has {document.text.line_count} lines, not {line}.")
        span = Span.at(line - 1, 0)
    elif args.language:
        facts["language"] = args.language
    return Task(
        id="route",
        kind=args.kind,
        feature=args.feature,
        document=document,
        span=span,
        instruction=args.instruction,
        facts=facts,
        expected_output=args.output,
    )


def _place(text: str) -> tuple[Path, int]:
    name, colon, line = text.rpartition(":")
    if not colon or not line.isdecimal() or int(line) < 1:
        raise DescriptionError(f"{text!r} is no place: write FILE:LINE, lines from 1.")
    return Path(name).absolute(), int(line)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError as error:
        raise DescriptionError(f"{path} cannot be read: {error.strerror}.") from None


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)
