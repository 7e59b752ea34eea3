"""Comments that dismiss findings: how they are read, and where a new one can stand."""

import re
from collections.abc import Iterator

from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.grammars import has_grammar, language_of
from tierwise.workspace.syntax import Source

from .finding import Concern

_SAID = re.compile(r"tierwise:\s*ignore(?:\[([\w, ]+)\])?")
"""A comment that dismisses findings of the same or the next line: all of them, or those about some concerns."""

_MARKS = {"python": "#", "ruby": "#", "shellscript": "#", "lua": "--", "sql": "--"}
"""How comments begin in languages where it is not with two slashes."""


def is_dismissed(line: int, concern: Concern, document: Document) -> bool:
    """Whether a comment in this line or the one above dismisses what is found here."""
    for number in (line, line - 1):
        said = _SAID.search(document.text.line(number)) if number >= 0 else None
        if said is not None and (said[1] is None or concern in said[1].replace(" ", "").split(",")):
            return True
    return False


def dismissing(document: Document, line: int, concern: Concern) -> TextEdit | None:
    """Return the edit that adds such a comment above a line, else at its end; None where both would be no comment."""
    language = document.language or language_of(document.uri)
    comment = f"{_MARKS.get(language, '//')} tierwise: ignore[{concern}]"
    for at, new in _places(document.text, line, comment):
        edit = TextEdit(uri=document.uri, version=document.version, span=Span(at, at), new_text=new)
        if not has_grammar(language) or _stands(_changed(document.text, at, new), language, comment):
            return edit
    return None


def _places(text: Text, line: int, comment: str) -> Iterator[tuple[Position, str]]:
    """Yield where the comment might stand; a line that a backslash joins to the next one takes none after it."""
    said, above = text.line(line), text.line(line - 1) if line else ""
    if not above.endswith("\\"):
        yield Position(line, 0), f"{said[: len(said) - len(said.lstrip())]}{comment}\n"
    if not said.endswith("\\"):
        yield Position(line, len(said.rstrip())), f"  {comment}"


def _changed(text: Text, at: Position, new: str) -> tuple[str, int]:
    """Return the whole text with something put in, and in which line the new text begins."""
    before = text.slice(Span(Position(0, 0), at))
    rest = str(text)[len(before) :]
    return f"{before}{new}{rest}", at.line


def _stands(changed: tuple[str, int], language: str, comment: str) -> bool:
    """Whether the grammar takes the comment for one."""
    text, line = changed
    said = text.split("\n")[line]
    column = len(said[: said.rindex(comment)].encode())
    node = Source(text, language).root.descendant_for_point_range((line, column), (line, column + 2))
    return node is not None and "comment" in node.type
