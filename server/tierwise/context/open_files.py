"""Parts of other open files that speak of the same things, and the other cells of a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Span, Text

from .scene import Excerpt, Scene, path_of
from .words import likeness, near, plain, words

LINES, STEP = 30, 15
"""A part's lines and the distance between two parts: a function and a half."""

MOST_FILES, MOST_LINES = 8, 4_000
"""Files looked at, the ones shown last, and lines of each."""

LEAST = 0.06
"""Likeness below which two pieces of code have no more in common than any two of one language."""

PARTS = 2
"""Parts taken from one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """A document's text; compared by its version, because comparing texts would take longer than using them."""

    uri: str
    version: int | None
    text: Text = field(compare=False)


class OpenFiles:
    """Compares the names around the cursor with those in each part of the other files."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return the likest parts."""
        if task.document is None or task.span is None:
            return ()
        wanted = frozenset(near(task))
        others = scene.others(task.document.uri)
        book = path_of(task.document.uri)
        cells = [other for other in others if path_of(other.uri) == book]
        found = [_cell(cell, age) for age, cell in enumerate(cells[:MOST_FILES]) if str(cell.text).strip()]
        for document in [other for other in others if path_of(other.uri) != book][:MOST_FILES]:
            version = _Version(uri=document.uri, version=document.version, text=document.text)
            rated = sorted(((likeness(wanted, names), -first) for first, names in _parts(version)), reverse=True)
            for alike, first in rated[:PARTS]:
                if alike >= LEAST:
                    # Likeness of a good part is about 0.3, which is then worth as much as a recent edit.
                    score = min(0.75, 0.45 + alike)
                    text = plain(document.text.raw_lines(-first, LINES - first))
                    found.append(Excerpt(uri=document.uri, first=-first, text=text, score=score, source="open_files"))
        return found


def _cell(cell: Document, age: int) -> Excerpt:
    """Return another cell of the same notebook: what it defines is defined here."""
    text = plain(cell.text.raw_lines(0, LINES)).rstrip() + "\n"
    return Excerpt(uri=cell.uri, first=0, text=text, score=0.8 - 0.05 * age, source="open_files")


@lru_cache(maxsize=64)
def _parts(version: _Version) -> tuple[tuple[int, frozenset[str]], ...]:
    lines = list(version.text.raw_lines(0, MOST_LINES))
    starts = range(0, max(1, len(lines) - STEP), STEP)
    return tuple((first, words("".join(lines[first : first + LINES]))) for first in starts)


SOURCE = OpenFiles()
