"""A fix for what diagnostics, a traceback or a failing test report.

Example: *Fix with Tierwise* on any diagnostic; `tierwise run fix -i "$(pytest 2>&1)"` follows a traceback to the line
that raised.
"""

import re
from dataclasses import replace
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.core.text import Position, Span
from tierwise.workspace import targets

from . import Ground, template
from .material import document_at

KIND = TaskKind(
    name="fix",
    title="Fix this problem",
    belongs="mid",
    form="span",
    template=template("fix"),
    output=400,
    max_output=4_000,
    deadline=60.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses", "lint_fatal", "complete", "types", "tests", "judge"),
    offers=(Offer(title="Fix with Tierwise", action="quickfix", on=On.DIAGNOSTIC),),
)

_FRAME = re.compile(
    r"""File "(?P<python>[^"\n]+)", line (?P<line>\d+)|(?P<other>(?:[A-Za-z]:)?[\w./\\@~+-]+\.\w{1,4}):(?P<row>\d+)"""
)
"""A place as Python's tracebacks write it, and as nearly everything else does."""


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the definition around the problem; a traceback in the instruction leads to the innermost place of ours."""
    found = _blamed(task.instruction, ground)
    if found is not None:
        document, line = found
        place = document.text.clamp(Position(line, 0))
        return replace(task, document=document, span=targets.around(document, Span(place, place)))
    if task.document is None or task.span is None:
        return task
    return replace(task, span=targets.around(task.document, task.span))


def _blamed(trace: str, ground: Ground) -> tuple[Document, int] | None:
    """Return the document and line (from 0) of the last frame that lies in the workspace."""
    if ground.root is None:
        return None
    frames = list(_FRAME.finditer(trace))
    inner_first = not any(frame["python"] for frame in frames)  # Python names the innermost frame last, others first
    for frame in frames if inner_first else reversed(frames):
        path = Path(ground.root, frame["python"] or frame["other"])
        document = document_at(path, ground)
        if document is not None:
            return document, int(frame["line"] or frame["row"]) - 1
    return None
