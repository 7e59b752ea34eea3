"""Places in the protocol's units and in ours.

The protocol counts a line's characters in UTF-16 code units unless client and server agree on UTF-8 bytes or UTF-32
code points; ours are code points. Whatever lies outside the document goes to the nearest place inside, and a place in
the middle of a character goes to its start.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tierwise.core.text import Position, Span, Text

from .rpc import Code, RpcError, as_list, as_object


class Encoding(StrEnum):
    """The units of a column on the wire."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def choose_encoding(client: Mapping[str, Any]) -> Encoding:
    """Return the units to count in: the first of the client's own list that we know, UTF-16 where it has none.

    The client's first choice is the one it need not convert; to us all three cost the same on a line of ASCII.
    """
    offered = as_list(as_object(client.get("general")).get("positionEncodings"))
    known = set(Encoding)
    return next((Encoding(name) for name in offered if isinstance(name, str) and name in known), Encoding.UTF16)


def to_column(line: str, character: int, encoding: Encoding) -> int:
    """Return the column in code points of a place ``character`` units into the line."""
    if encoding is Encoding.UTF32 or line.isascii():
        return min(max(character, 0), len(line))
    if encoding is Encoding.UTF16:
        return _from_utf16(line, character)
    data = line.encode("utf-8", "surrogatepass")
    at = min(max(character, 0), len(data))
    while at < len(data) and data[at] & 0b1100_0000 == 0b1000_0000:
        at -= 1
    return len(data[:at].decode("utf-8", "surrogatepass"))


def to_character(line: str, column: int, encoding: Encoding) -> int:
    """Return how many units stand before a column in code points."""
    if encoding is Encoding.UTF32 or line.isascii():
        return min(max(column, 0), len(line))
    head = line[: max(column, 0)]
    if encoding is Encoding.UTF16:
        return len(head.encode("utf-16-le", "surrogatepass")) // 2
    return len(head.encode("utf-8", "surrogatepass"))


def _from_utf16(line: str, character: int) -> int:
    pairs = 0
    for pair in _ASTRAL.finditer(line):
        unit = pair.start() + pairs
        if unit + 1 >= character:
            # At the pair, or between its two halves: the place goes to the pair's start.
            return max(0, min(character, unit) - pairs)
        pairs += 1
    return min(max(character - pairs, 0), len(line))


def read_position(value: object, text: Text, encoding: Encoding) -> Position:
    """Return the place in the text; raises ``RpcError`` for what is no position."""
    said = as_object(value)
    line, character = said.get("line"), said.get("character")
    if not isinstance(line, int) or not isinstance(character, int):
        raise RpcError(Code.INVALID_PARAMS, "a position has the whole numbers line and character")
    if 0 <= line < text.line_count:
        return Position(line, to_column(text.line(line), character, encoding))
    return text.clamp(Position(line, 0))


def read_span(value: object, text: Text, encoding: Encoding) -> Span:
    """Return the span of a range; one that ends before it starts is turned round. Raises ``RpcError``."""
    said = as_object(value)
    start, end = said.get("start"), said.get("end")
    first = read_position(start, text, encoding)
    last = first if start == end else read_position(end, text, encoding)
    return Span(first, last) if first <= last else Span(last, first)


def write_position(position: Position, text: Text, encoding: Encoding) -> dict[str, int]:
    """Return the place in the protocol's words."""
    position = text.clamp(position)
    return {
        "line": position.line,
        "character": to_character(text.line(position.line), position.column, encoding),
    }


def write_span(span: Span, text: Text, encoding: Encoding) -> dict[str, dict[str, int]]:
    """Return the span as a range."""
    return {"start": write_position(span.start, text, encoding), "end": write_position(span.end, text, encoding)}
