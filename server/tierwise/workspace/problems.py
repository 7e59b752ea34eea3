"""What other tools say is wrong in the open documents, as far as an editor has told us."""

from collections.abc import Sequence
from dataclasses import replace

from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Position, Span

from .documents import Change


class Problems:
    """Editors send problems with each look at the actions for a place; give ``note`` to ``Documents.listen``.

    A line that is changed loses its problems until the editor tells of them again: they may be mended.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Diagnostic, ...]] = {}

    def see(self, uri: str, looked_at: Span, problems: Sequence[Diagnostic]) -> None:
        """Take what the lines of a span hold now, in the place of what was known of them."""
        first, last = looked_at.start.line, looked_at.end.line
        others = [one for one in self.of(uri) if one.span.end.line < first or one.span.start.line > last]
        found = tuple(dict.fromkeys((*others, *problems)))
        if found:
            self._known[uri] = found
        else:
            self._known.pop(uri, None)

    def of(self, uri: str) -> tuple[Diagnostic, ...]:
        """Return the problems of a document, in its lines as they are now."""
        return self._known.get(uri, ())

    def all(self) -> tuple[Diagnostic, ...]:
        """Return the problems of all documents."""
        return tuple(one for found in self._known.values() for one in found)

    def note(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        """Take in what happened to a document."""
        document = new or old
        uri = document.uri if document else ""
        if uri not in self._known:
            return
        if new is None or change is None or change.span is None:
            del self._known[uri]
            return
        start, end = change.span.start.line, change.span.end.line
        by = change.new_text.count("\n") - (end - start)
        kept = [one for one in self._known[uri] if one.span.end.line < start]
        kept += [_moved(one, by) for one in self._known[uri] if one.span.start.line > end]
        self._known[uri] = tuple(kept)


def _moved(problem: Diagnostic, by: int) -> Diagnostic:
    if not by:
        return problem
    start, end = problem.span.start, problem.span.end
    return replace(problem, span=Span(Position(start.line + by, start.column), Position(end.line + by, end.column)))
