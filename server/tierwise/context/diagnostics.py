"""What is reported to be wrong near the cursor."""

from collections.abc import Sequence

from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.workspace.comments import marker

from .scene import Excerpt, Scene

NEAR = 12
"""Lines from the cursor; what is wrong further away is not what the user is writing now."""

MOST, LONGEST = 5, 200
"""Diagnostics, and characters of each message."""


class Diagnostics:
    """One comment line per problem, as people note them."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return one excerpt for all problems, the first line first; none for the line that is being typed."""
        if task.document is None or task.span is None:
            return ()
        here = task.span.start.line
        near = [
            item
            for item in scene.diagnostics
            if item.uri == task.document.uri
            and 0 < abs(item.span.start.line - here) <= NEAR
            and item.severity in ("error", "warning")
        ]
        near.sort(key=lambda item: (item.span.start, item.message))
        sign = marker(task.document.language)
        rows = [
            f"{sign} {item.severity} on line {item.span.start.line + 1}: {' '.join(item.message.split())[:LONGEST]}\n"
            for item in near[:MOST]
        ]
        if not rows:
            return ()
        return (Excerpt(uri=task.document.uri, first=-1, text="".join(rows), score=0.9, source="diagnostics"),)


SOURCE = Diagnostics()
