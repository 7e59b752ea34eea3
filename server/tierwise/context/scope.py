"""What encloses the cursor in a long file, and what the file imports, where the window shows neither."""

import re
from collections.abc import Sequence

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.workspace.indentation import width

from .scene import Excerpt, Scene
from .words import plain

MOST_IMPORTS = 40
"""Lines at the top of the file looked at for imports to show."""

_IMPORT = re.compile(r"\s*(?:import|from|use|using|require|#include|package|const \w+ = require)\b|\s*#include")


class Scope:
    """Headers of the blocks around the cursor, by indentation, and the file's imports."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return the lines above the window that the code at the cursor cannot be understood without."""
        if task.document is None or task.span is None or shown.start.line == 0:
            return ()
        document = task.document
        found = [_line(document, number, 1.0) for number in _headers(document, task.span.start.line, shown.start.line)]
        imports = _imports(document, shown.start.line)
        if imports:
            text = plain(document.text.raw_lines(0, imports))
            found.insert(0, Excerpt(uri=document.uri, first=0, text=text, score=0.85, source="scope"))
        return found


def _line(document: Document, number: int, score: float) -> Excerpt:
    text = plain([document.text.raw_line(number)])
    return Excerpt(uri=document.uri, first=number, text=text, score=score, source="scope")


def _headers(document: Document, line: int, shown: int) -> list[int]:
    """Return the numbers of the enclosing headers' lines above the window, the outermost first."""
    text = document.text
    lines = list(text.raw_lines(0, line + 1))
    inner = width(lines[-1]) if lines[-1].strip() else _nearest(lines)
    found: list[int] = []
    for number in range(len(lines) - 2, -1, -1):
        if inner == 0:
            break
        if lines[number].strip() and width(lines[number]) < inner:
            inner = width(lines[number])
            if number < shown:
                found.append(number)
    return found[::-1]


def _nearest(lines: Sequence[str]) -> int:
    return next((width(line) for line in reversed(lines) if line.strip()), 0)


def _imports(document: Document, shown: int) -> int:
    """Return how many lines at the top hold the imports, 0 where there are none."""
    last = 0
    for number, line in enumerate(document.text.raw_lines(0, min(shown, MOST_IMPORTS)), 1):
        if _IMPORT.match(line):
            last = number
    return last


SOURCE = Scope()
