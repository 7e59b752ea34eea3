"""What a place stands in: code, a word, a string or a comment; by the grammar, else by the marks on its line."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.text import Position

from .comments import PROSE, marker, opaque, quotes
from .glimpse import Glimpse, glimpse
from .tokens import in_word

if TYPE_CHECKING:
    from tree_sitter import Node

    from .syntax import Source


class Standing(StrEnum):
    """What the cursor stands in. ``IDENTIFIER``: in the middle of one, with its rest behind the cursor."""

    CODE = "code"
    IDENTIFIER = "identifier"
    STRING = "string"
    COMMENT = "comment"


def standing_at(document: Document, position: Position, before: str, after: str) -> tuple[Standing, str]:
    """Return what the place stands in, and what a string around it began with; ``before``, ``after``: its line."""
    if document.language in PROSE:
        return Standing.CODE, ""
    seen = glimpse(document, position) if before or position.line else None
    found = _by_node(seen, position) if seen is not None else None
    standing, quote = (
        found
        or (seen and _by_triples(document, seen.first, position.line, before))
        or _by_marks(document.language, before)
    )
    if standing is Standing.CODE and in_word(before[-1:]) and in_word(after[:1]):
        return Standing.IDENTIFIER, ""
    return standing, quote


def _by_node(seen: Glimpse, position: Position) -> tuple[Standing, str] | None:
    """Return what the grammar says; None where it sees an error, as at a string that is still open."""
    source = seen.source
    place = Position(position.line - seen.first, position.column)
    offset = source.offset(place)
    # The node that ends at the cursor tells more than the one that begins there: a line comment is still open. What
    # ends with the line before does not reach a line of its own.
    node: Node | None = source.node_before(offset) if place.column else source.node_around(offset)
    while node is not None:
        if node.type in _CODE_AGAIN and node.start_byte < offset < node.end_byte:
            return Standing.CODE, _quote_around(source, node)
        if "comment" in node.type:
            closed = source.text_of(node).endswith("*/")
            inside = node.start_byte < offset and (offset < node.end_byte or not closed)
            return (Standing.COMMENT if inside else Standing.CODE), ""
        if node.has_error:
            return None
        if node.type in _STRINGS:
            inside = node.start_byte < offset < node.end_byte
            return (Standing.STRING, _quote(source.text_of(node))) if inside else (Standing.CODE, "")
        node = node.parent
    return Standing.CODE, ""


_STARRED = re.compile(r"\s*\*(?:\s|\Z)")
"""A row of a block comment as it is drawn: whether the comment is open, only the lines above could tell."""

_CODE_AGAIN = frozenset(("interpolation", "template_substitution", "command_substitution"))
_STRINGS = frozenset((
    "interpreted_string_literal", "raw_string_literal", "regex", "string", "string_literal", "template_string",
    "char_literal", "character_literal", "verbatim_string_literal", "interpolated_string_expression",
    "encapsed_string", "raw_string", "heredoc_body",
))  # fmt: skip


def _quote_around(source: "Source", node: "Node") -> str:
    string = node.parent
    return _quote(source.text_of(string)) if string is not None and string.type in _STRINGS else ""


def _quote(string: str) -> str:
    found = re.search(r"\"{3}|'{3}|[\"'`/]", string)
    return found[0] if found else ""


def _by_triples(document: Document, first: int, line: int, before: str) -> tuple[Standing, str] | None:
    """Return whether the place is in a string of several lines that is not closed yet; ``first`` is in none."""
    if document.language != "python":
        return None
    above = "".join(document.text.raw_lines(first, line)) + before
    return next(((Standing.STRING, mark) for mark in ('"""', "'''") if above.count(mark) % 2), None)


def _by_marks(language: str, before: str) -> tuple[Standing, str]:
    """Judge by comment marks and quotation marks on the line alone."""
    sign, end = marker(language), 0
    if sign == "//" and _STARRED.match(before):
        return Standing.COMMENT, ""
    for found in opaque(language).finditer(before):
        whole = found[0]
        if whole.startswith(sign) or (whole.startswith("/*") and not whole.endswith("*/")):
            return Standing.COMMENT, ""
        if len(whole) > 1:
            end = found.end()
    for at in range(end, len(before)):
        # An apostrophe behind a letter is one (`don't`, a digit separator) and opens no string.
        if before[at] in quotes(language) and (before[at] != "'" or not in_word(before[at - 1 : at])):
            return Standing.STRING, before[at]
    return Standing.CODE, ""
