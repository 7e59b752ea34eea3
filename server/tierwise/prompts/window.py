"""Which part of the document around the span a prompt shows."""

from dataclasses import dataclass

from tierwise.core.task import Snippet, Task
from tierwise.core.text import Position, Span, Text
from tierwise.core.uri import path_in

from .budget import Budget, characters

STEPS = (32, 8, 1)
"""Lines by which the window's start moves. Vendors cache a prompt by its first tokens, so that a start which moves at
every line would miss at every line; with 32, it moves once in 32 new lines and shows at most 32 lines less.
"""

COLUMNS = 512
"""Characters by which it moves within a line too long to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The text around a task's span, its line ends all ``\\n``."""

    before: str
    selection: str
    after: str


def window(task: Task, room: Budget) -> Window:
    """Cut the window: its start at a step, its end at a whole line, so that typing on leaves both as they were."""
    if task.document is None or task.span is None:
        return Window(before="", selection="", after="")
    text, span = task.document.text, task.span
    shown = shown_span(text, span, room)
    return Window(
        before=_plain(text.slice(Span(shown.start, span.start))),
        selection=_plain(text.slice(span)),
        after=_plain(text.slice(Span(span.end, shown.end))),
    )


def shown_span(text: Text, span: Span, room: Budget) -> Span:
    """Return the part of the document that the window shows."""
    return Span(_start(text, text.clamp(span.start), characters(room.before)), _end(text, span.end, room))


def _start(text: Text, cursor: Position, limit: int) -> Position:
    line = Position(cursor.line, 0)
    limit -= cursor.column
    if limit <= 0:
        beyond = -limit
        return Position(cursor.line, -(-beyond // COLUMNS) * COLUMNS)
    above = text.before(line, limit)
    if len(above) < limit:
        return Position(0, 0)
    # The first of these lines is cut, unless it happens to begin right there.
    first = cursor.line - _plain(above).count("\n") + 1
    for step in STEPS:
        snapped = -(-first // step) * step
        if snapped <= cursor.line:
            return Position(snapped, 0)
    return line


def _end(text: Text, end: Position, room: Budget) -> Position:
    limit = characters(room.after)
    after = text.after(end, limit)
    if len(after) < limit:
        return text.end
    lines = _plain(after).count("\n")
    if lines:
        return Position(end.line + lines, 0)
    return Position(end.line, text.clamp(end).column + limit)


def path(task: Task) -> str:
    """Return the document's path as a reader knows it, without the folders above the workspace where they are known."""
    if task.document is None:
        return ""
    full = path_in(task.document.uri)
    root = str(task.facts.get("root", ""))
    return full[len(root) :].lstrip("/") if root and full.startswith(root) else full.rsplit("/", 1)[-1]


def context(task: Task, room: Budget) -> str:
    """Return the best snippets within the budget, each under its path, in the order in which they came.

    That order is the gatherer's, most stable first, and it stays when one of them is left out: prompt caches hit.
    """
    left = characters(room.context)
    kept: set[int] = set()
    for number, snippet in sorted(enumerate(task.neighbours), key=lambda item: -item[1].score):
        size = len(snippet.text) + len(snippet.path) + 4
        if size <= left:
            kept.add(number)
            left -= size
    return "\n".join(_headed(snippet) for number, snippet in enumerate(task.neighbours) if number in kept)


def _headed(snippet: Snippet) -> str:
    return f"# {snippet.path}\n{_plain(snippet.text)}" if snippet.path else _plain(snippet.text)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
