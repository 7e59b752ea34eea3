"""Which part of a document an action is about."""

import re
from dataclasses import dataclass

from tierwise.core.document import Document
from tierwise.core.text import Position, Span
from tierwise.workspace import syntax

LONGEST = 120
"""Lines of a definition that is rewritten as a whole; of a longer one only the neighbourhood is."""
NEIGHBOURHOOD = 10
"""Lines above and below a problem that are rewritten with it, where there is no definition of reasonable length."""

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
        convention=convention(document),
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


def convention(document: Document) -> str:
    """Return the style of documentation that the file already uses, or the language's usual one."""
    text = str(document.text)
    return next((name for found, name in _CONVENTIONS if found.search(text)), _USUAL.get(document.language, "plain"))
