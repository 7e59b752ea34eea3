"""How far lines are indented, and in which style a file does it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tierwise.core.text import Position, Text

TAB = 4
"""Columns a tab counts in comparisons; any number orders the lines of a file that uses one kind only."""

_LEAD = re.compile(r"[ \t]*")

_LOOKED_AT = 200
"""Lines on each side of the cursor that tell a file's style; more would say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """``tabs`` or spaces, and ``unit``, the columns of one step."""

    tabs: bool
    unit: int

    def lead(self, width: int) -> str:
        """Return the white space that indents by so many columns."""
        if not self.tabs:
            return " " * width
        return "\t" * (width // self.unit) + " " * (width % self.unit)


def lead(line: str) -> str:
    """Return the white space a line begins with."""
    found = _LEAD.match(line)
    return found[0] if found else ""


def width(line: str, tab: int = TAB) -> int:
    """Return the columns of white space a line begins with."""
    return len(lead(line).expandtabs(tab))


def style_near(text: Text, position: Position) -> Style | None:
    """Return the style of the lines around the place, None where not one of them is indented."""
    return style_of(text.raw_lines(max(0, position.line - _LOOKED_AT), position.line + _LOOKED_AT))


def style_of(lines: Iterable[str]) -> Style | None:
    """Return the style most of the lines follow: tabs by their number, spaces by the commonest step inward."""
    tabs, spaces, steps, before = 0, 0, Counter[int](), 0
    for line in lines:
        code = line.lstrip(" \t")
        if not code or code.isspace():
            continue
        size = len(line) - len(code)
        if size and line[0] == "\t":
            tabs += 1
        elif size > 1:
            spaces += 1
        if size != before and "\t" not in line[:size]:
            if 2 <= size - before <= 8:
                steps[size - before] += 1
            before = size
    if not tabs and not spaces:
        return None
    if tabs > spaces:
        return Style(tabs=True, unit=TAB)
    # Of equally common steps the smaller one: a step of eight is two of four.
    step = min(steps, key=lambda size: (-steps[size], size)) if steps else TAB
    return Style(tabs=False, unit=step)
