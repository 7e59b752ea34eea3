"""Tasks made out of code that is known to be right: a piece is taken out, and whoever puts it back solved it."""

import ast
import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tierwise.core.text import Position

SHORTEST_BODY, LONGEST_BODY = 2, 40
"""Lines of a body that is taken out: less is no task, more is none for one answer."""

SHORTEST_REST = 6
"""Characters of the rest of a line that is taken out: a bracket or a name alone proves nothing."""


class Sort(StrEnum):
    """What was taken out."""

    LINE = "line"
    BLOCK = "block"
    BODY = "body"
    DOCSTRING = "docstring"
    FIX = "fix"


KINDS = {
    Sort.LINE: "autocomplete",
    Sort.BLOCK: "autocomplete",
    Sort.BODY: "implement",
    Sort.DOCSTRING: "docstring",
    Sort.FIX: "edit",
}
"""The task kind as which each is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzle:
    """A file (``path`` below the root) as it is shown and as it was. ``place`` is where the answer is wanted; ``tests``
    are the test files that tell; ``commit`` is where in history, empty for the working directory.
    """

    sort: Sort
    path: Path
    shown: str
    truth: str
    place: Position
    tests: tuple[str, ...] = ()
    instruction: str = ""
    commit: str = ""

    @property
    def id(self) -> str:
        """A name that stays the same as long as the file does."""
        told = "\0".join((self.sort, str(self.path), self.shown, self.truth, self.commit))
        return f"{self.path}:{self.place.line + 1}:{self.sort}:{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def of_file(path: Path, text: str, tests: tuple[str, ...]) -> list[Puzzle]:
    """Return the puzzles that a Python file gives, in the order of its lines; none where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    lines = text.splitlines(keepends=True)
    found = [
        (sort, shown, place)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for sort, shown, place in _of_function(node, lines)
    ]
    return [
        Puzzle(sort=sort, path=path, shown=shown, truth=text, place=place, tests=tests)
        for sort, shown, place in sorted(found, key=lambda item: (item[2], item[0]))
    ]


Taken = tuple[Sort, str, Position]


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> Iterator[Taken]:
    documented = ast.get_docstring(node) is not None
    body = node.body[1:] if documented else node.body
    if not body or body[0].lineno <= node.lineno:
        return
    if documented:
        doc = node.body[0]
        yield Sort.DOCSTRING, _without(lines, doc.lineno - 1, _end(doc)), Position(node.lineno - 1, node.col_offset)
    first, last = body[0].lineno - 1, _end(body[-1])
    indent = " " * body[0].col_offset
    if SHORTEST_BODY <= last - first <= LONGEST_BODY:
        stub = f"{indent}raise NotImplementedError\n"
        yield Sort.BODY, _without(lines, first, last, stub), Position(node.lineno - 1, node.col_offset)
    for statement in body:
        yield from _of_statement(statement, lines)


def _of_statement(node: ast.stmt, lines: list[str]) -> Iterator[Taken]:
    if isinstance(node, ast.Assign | ast.Return) and node.value is not None and node.lineno == node.end_lineno:
        line = lines[node.lineno - 1]
        at = len(line.encode()[: node.value.col_offset].decode())
        rest = line[at:].rstrip("\n")
        if len(rest) >= SHORTEST_REST:
            shown = _without(lines, node.lineno - 1, node.lineno, line[:at] + "\n")
            yield Sort.LINE, shown, Position(node.lineno - 1, at)
    if isinstance(node, ast.If | ast.For | ast.While | ast.With) and node.body[0].lineno > node.lineno:
        first, last = node.body[0].lineno - 1, _end(node.body[-1])
        column = node.body[0].col_offset
        yield Sort.BLOCK, _without(lines, first, last, " " * column + "\n"), Position(first, column)


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _without(lines: list[str], first: int, last: int, instead: str = "") -> str:
    return "".join([*lines[:first], instead, *lines[last:]])
