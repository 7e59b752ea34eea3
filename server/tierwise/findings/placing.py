"""Where in its unit the code stands that a model quoted; what stands nowhere is invented."""

import re
from collections.abc import Sequence

from tierwise.core.text import Position, Span, Text
from tierwise.edits import MalformedError
from tierwise.edits.fit import find

from .units import Unit

LONGEST_QUOTE = 30
"""Lines; a finding about more points at nothing."""

_NUMBER = re.compile(r"^\s*\d+\|[ ]?")


def numbered(unit: Unit) -> str:
    """Return the unit's lines as prompts show them, each after its number in the file, from 1."""
    return "\n".join(f"{number}| {line}" for number, line in enumerate(unit.text.split("\n"), unit.first + 1))


def place(quote: str, line: int, units: Sequence[Unit]) -> tuple[Unit, Span] | None:
    """Return the unit and the span in it, lines from the unit's first, that the quotation means.

    ``line`` is the number, from 1, that the model gave; it decides where the code stands several times. None where the
    code stands nowhere, or several times and nowhere near.
    """
    lines = [_NUMBER.sub("", each) for each in quote.replace("\r\n", "\n").strip("\n").split("\n")]
    if not quote.strip() or len(lines) > LONGEST_QUOTE:
        return None
    near = sorted(units, key=lambda unit: not unit.first <= line - 1 <= unit.last)
    for unit in near:
        text = Text.of(unit.text)
        try:
            span = find(text, lines, line - 1 - unit.first).span
        except MalformedError:
            continue
        return unit, _tight(span, text)
    return None


def _tight(span: Span, text: Text) -> Span:
    """Return the span without the blanks at its ends."""
    first, last = span.start, span.end
    while last.line > first.line and not text.line(last.line)[: last.column].strip():
        last = Position(last.line - 1, len(text.line(last.line - 1)))
    head, tail = text.line(first.line), text.line(last.line)[: last.column]
    start = max(first.column, len(head) - len(head.lstrip())) if head[: first.column].strip() == "" else first.column
    return Span(Position(first.line, start), Position(last.line, len(tail.rstrip())))
