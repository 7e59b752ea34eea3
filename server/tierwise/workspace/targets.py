"""Which part of a document a piece of work is about."""

import re
from dataclasses import dataclass, replace

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Position, Span

from . import syntax

LONGEST = 120
"""Lines of a definition that is rewritten as a whole; of a longer one only the neighbourhood is."""
NEIGHBOURHOOD = 10
"""Lines above and below a problem that are rewritten with it, where there is no definition of reasonable length."""

_WORD = re.compile(r"\b[^\W\d]\w*")

_CONVENTIONS = (
    (re.compile(r"^\s*(?:Args|Returns|Raises):\s*$", re.MULTILINE), "Google style"),
    (re.compile(r"^\s*:(?:param|returns?|raises)\b", re.MULTILINE), "reStructuredText fields"),
    (re.compile(r"^\s*(?:Parameters|Returns)\n\s*-{4,}", re.MULTILINE), "NumPy style"),
    (re.compile(r"^\s*\*\s*@(?:param|returns?)\b", re.MULTILINE), "JSDoc"),
)
_USUAL = {
    "python": "PEP 257",
    "go": "Go doc comments",
    "rust": "rustdoc Markdown",
    "javascript": "JSDoc",
    "javascriptreact": "JSDoc",
    "typescript": "TSDoc",
    "typescriptreact": "TSDoc",
    "java": "Javadoc",
    "c": "Doxygen, in a block comment",
    "cpp": "Doxygen, in a block comment",
    "csharp": "XML documentation comments",
    "php": "PHPDoc",
    "ruby": "YARD",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """Where a definition's documentation goes: whole lines to replace or, where ``span`` is empty, to insert at."""

    span: Span
    indent: str
    code: str
    convention: str


def documentation(document: Document, place: Position) -> Documentation | None:
    """Return where to document the definition at the place; None where there is none or its body shares its line."""
    line = document.text.line(place.line)
    inside = Position(place.line, max(place.column, len(line) - len(line.lstrip())))
    found = syntax.definition_at(str(document.text), inside, document.language)
    if found is None:
        return None
    inner = document.language == "python"
    if inner and (found.body is None or found.body.start.line == found.span.start.line):
        return None
    at = found.body.start.line if inner and found.body else found.span.start.line
    anchor = document.text.line(at)
    if found.doc is not None:
        span = Span(Position(found.doc.start.line, 0), Position(found.doc.end.line + (found.doc.end.column > 0), 0))
    else:
        span = Span.at(at, 0)
    return Documentation(
        span=span,
        indent=anchor[: len(anchor) - len(anchor.lstrip())],
        code=document.text.slice(found.span)[:8_000],
        convention=convention(str(document.text)) or _USUAL.get(document.language, "plain"),
    )


def around(document: Document, span: Span) -> Span:
    """Return whole lines around the span: the definition it stands in, or its neighbourhood."""
    found = syntax.definition_at(str(document.text), span.start, document.language)
    if found is not None and found.span.end.line - found.span.start.line < LONGEST:
        first, last = found.span.start.line, max(found.span.end.line, span.end.line)
    else:
        first, last = span.start.line - NEIGHBOURHOOD, span.end.line + NEIGHBOURHOOD
    first, last = max(first, 0), min(last, document.text.line_count - 1)
    return Span(Position(first, 0), Position(last, len(document.text.line(last))))


def lines_of(task: Task) -> Task:
    """Return the task about whole lines: those selected, else the definition or the neighbourhood of the cursor."""
    if task.document is None or task.span is None:
        return task
    if task.span.is_empty:
        return replace(task, span=around(task.document, task.span))
    return replace(task, span=whole_lines(task.document, task.span))


def whole_lines(document: Document, span: Span) -> Span:
    """Return the span from the start of its first line to the end of its last; a selection that ends before a line's
    first character does not mean that line.
    """
    last = span.end.line - (span.end.column == 0 and span.end.line > span.start.line)
    return Span(Position(span.start.line, 0), Position(last, len(document.text.line(last))))


def word_at(document: Document, place: Position) -> Span | None:
    """Return the identifier's span at the place, or None where there is none."""
    for word in _WORD.finditer(document.text.line(min(place.line, document.text.line_count - 1))):
        if word.start() <= place.column <= word.end():
            return Span(Position(place.line, word.start()), Position(place.line, word.end()))
    return None


def whole_file(document: Document) -> Span:
    """Return the span of everything."""
    return Span(Position(0, 0), document.text.end)


def convention(text: str) -> str:
    """Return the style of documentation that a file uses already, or an empty string."""
    return next((name for found, name in _CONVENTIONS if found.search(text)), "")
