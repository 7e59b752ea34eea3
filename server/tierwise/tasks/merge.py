"""Both sides of a merge conflict made one.

Example: the cursor between `<<<<<<<` and `>>>>>>>`, *Resolve this conflict* keeps what both sides meant.
"""

import re
from dataclasses import replace

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.core.text import Position, Span, Text

from . import Ground, NotHereError, template

KIND = TaskKind(
    name="merge",
    title="Resolve merge conflict",
    belongs="mid",
    form="merged",
    template=template("merge"),
    output=250,
    max_output=4_000,
    deadline=60.0,
    trims=("fences",),
    checks=("changes_something", "parses", "complete"),
    offers=(Offer(title="Resolve this conflict", action="quickfix", on=On.CONFLICT, preferred=True),),
)

_BEGIN, _END = re.compile(r"^<{7}(?: |$)"), re.compile(r"^>{7}(?: |$)")


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the conflict around the cursor, with its markers."""
    span = conflict_at(task.document.text, task.span.start.line) if task.document and task.span else None
    if span is None:
        raise NotHereError("There is no merge conflict here.")
    return replace(task, span=span)


def conflict_at(text: Text, line: int) -> Span | None:
    """Return the lines from the conflict's first marker to its last."""
    first = next((at for at in range(line, -1, -1) if _BEGIN.match(text.raw_line(at))), None)
    if first is None:
        return None
    last = next((at for at in range(first, text.line_count) if _END.match(text.raw_line(at))), None)
    if last is None or last < line:
        return None
    return Span(Position(first, 0), Position(last, len(text.line(last))))
