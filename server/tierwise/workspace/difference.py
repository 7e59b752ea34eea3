"""What lies between two versions of a text, as replacements of the older one."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from tierwise.core.text import Position, Span, Text

EXACT = 2_000
"""Lines up to which the smallest difference is looked for; beyond, lines that occur very often no longer anchor it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """``new_text`` in place of ``span`` of the older version."""

    span: Span
    new_text: str


def differences(before: Text, after: Text) -> tuple[Replacement, ...]:
    """Return the replacements of whole lines, from the first to the last, that make ``before`` read as ``after``."""
    old, new = list(before.raw_lines()), list(after.raw_lines())
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    middle_old, middle_new = old[first : len(old) - last], new[first : len(new) - last]
    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=max(len(middle_old), len(middle_new)) > EXACT)
    return tuple(
        Replacement(
            span=Span(_start(before, first + i1), _start(before, first + i2)), new_text="".join(middle_new[j1:j2])
        )
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    )


def narrowed(found: Replacement, before: Text) -> Replacement:
    """Return the replacement without the characters that are the same at its start and its end."""
    old, new = before.slice(found.span), found.new_text
    head = _common(old, new)
    if head and old[head - 1] == "\r":
        head -= 1  # half a line end is not a place
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    if tail and old[len(old) - tail] == "\n" and "\r" in (old[: len(old) - tail][-1:], new[: len(new) - tail][-1:]):
        tail -= 1
    start = before.offset(found.span.start)
    span = Span(before.position(start + head), before.position(start + len(old) - tail))
    return Replacement(span=span, new_text=new[head : len(new) - tail])


def _common(left: list[str] | str, right: list[str] | str) -> int:
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), _less(left, right)
    )


def _less(left: list[str] | str, right: list[str] | str) -> int:
    return min(len(left), len(right))


def _start(text: Text, line: int) -> Position:
    return Position(line, 0) if line < text.line_count else text.end
