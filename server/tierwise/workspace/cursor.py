"""What stands at the cursor: whether to ask there at all, and how much to ask for.

``look`` answers from the lines near the cursor: by the grammar where the language has one, else by comment marks and
indentation. It never reads the whole document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tierwise.core.document import Document
from tierwise.core.task import Fact
from tierwise.core.text import Position, Text

from .brackets import brackets
from .headers import defines, opens, starts
from .indentation import width
from .standing import Standing, standing_at


class Rest(StrEnum):
    """What follows the cursor on its line. ``CLOSING``: only brackets, quotation marks and punctuation that close."""

    NOTHING = "nothing"
    CLOSING = "closing"
    CODE = "code"


class Extent(StrEnum):
    """How much is to be written: the rest of the line, one statement with its block, or the body of a header."""

    LINE = "line"
    BLOCK = "block"
    BODY = "body"


EXPECTED_TOKENS: Mapping[Extent, int] = {Extent.LINE: 20, Extent.BLOCK: 60, Extent.BODY: 150}
"""For estimates: a line has 19 characters at the median and 73 at the 95th percentile (Copilot's own count, from which
it grants 20 tokens); a block is about three lines, a body about eight.
"""

CLOSING = re.compile(r"""[\s)\]}>"'`;,:]*""")
_OPENED = re.compile(r"[\s)\]}>\"'`]*[)\]}>\"'`]\s*(?:=>\s*)?\{\s*")
"""What an editor leaves behind the cursor in a header that a snippet or its own brackets have made: ``if (‸) {``."""

_NEAR = 60
"""Lines looked through for the next or the previous line that is not blank."""

_FINISHED = re.compile(r"[;}]\s*$|^\s*(?:pass|break|continue)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``floor`` is the indentation (columns) at and above which lines belong to what is to be written; a line at
    ``parent`` may still close it or go on with it (``}``, ``else:``), -1 where nothing encloses it. ``finished`` says
    that the code before the cursor ends a statement, so that nothing is missing on its line. ``quote`` is what the
    string around the cursor began with, also where the cursor stands in code inside it (``f"{‸}"``). ``header`` says
    that of the code behind the cursor all is punctuation that closes the place and opens a block.
    """

    standing: Standing
    rest: Rest
    extent: Extent
    floor: int
    parent: int
    finished: bool = False
    quote: str = ""
    header: bool = False

    @property
    def long(self) -> bool:
        """Whether the string around the cursor may go on over several lines."""
        return len(self.quote) > 1 or self.quote == "`"

    @property
    def facts(self) -> dict[str, Fact]:
        """What a task carries of it, for policies to weigh and for trims to cut by."""
        return {
            "standing": str(self.standing),
            "rest": str(self.rest),
            "extent": str(self.extent),
            "floor": self.floor,
            "parent": self.parent,
            "quote": self.quote,
        }


def of_facts(facts: Mapping[str, Fact]) -> Cursor | None:
    """Return the cursor that a task's facts tell of, None where nobody looked."""
    if "extent" not in facts:
        return None
    return Cursor(
        standing=Standing(facts["standing"]),
        rest=Rest(facts["rest"]),
        extent=Extent(facts["extent"]),
        floor=int(facts["floor"]),
        parent=int(facts["parent"]),
        quote=str(facts["quote"]),
    )


def look(document: Document, position: Position) -> Cursor:
    """Return what stands at the place."""
    position = document.text.clamp(position)
    line = document.text.line(position.line)
    before, after = line[: position.column], line[position.column :]
    standing, quote = standing_at(document, position, before, after)
    rest = _rest(after)
    extent, floor, parent = Extent.LINE, width(before), -1
    if rest is not Rest.CODE and standing is Standing.CODE:
        extent, floor, parent = _extent(document, position.line, before)
    return Cursor(
        standing=standing,
        rest=rest,
        extent=extent,
        floor=floor,
        parent=parent,
        finished=rest is not Rest.CODE and standing is Standing.CODE and bool(_FINISHED.search(before)),
        quote=quote,
        header=rest is Rest.CODE and bool(_OPENED.fullmatch(after)),
    )


def _rest(after: str) -> Rest:
    if not after.strip():
        return Rest.NOTHING
    return Rest.CLOSING if CLOSING.fullmatch(after) else Rest.CODE


def _extent(document: Document, line: int, before: str) -> tuple[Extent, int, int]:
    """Return how much to write, and the indentations ``floor`` and ``parent`` of it."""
    own, language = width(before), document.language
    if before.strip():
        header = _header(document, line, before)
        outer = width(header)
        if (opens(before, language) or starts(before)) and _next_width(document.text, line) <= outer:
            return (Extent.BODY if defines(header) else Extent.BLOCK), outer + 1, outer
        return Extent.LINE, own, -1
    above = _above(document.text, line)
    if above is not None:
        last = document.text.line(above)
        header = _header(document, above, last)
        outer = width(header)
        if opens(last, language) and _next_width(document.text, line) <= outer:
            extent = Extent.BODY if defines(header) else Extent.BLOCK
            return extent, (own if own > outer else outer + 1), outer
    return Extent.BLOCK, own, _enclosing(document.text, line, own)


def _next_width(text: Text, line: int) -> int:
    """Return the indentation of the next line that is not blank, -1 at the end."""
    for following in text.raw_lines(line + 1, line + 1 + _NEAR):
        if following.strip():
            return width(following)
    return -1


def _above(text: Text, line: int) -> int | None:
    """Return the nearest line above that is not blank."""
    return next((number for number in range(line - 1, max(-1, line - _NEAR), -1) if text.line(number).strip()), None)


def _enclosing(text: Text, line: int, own: int) -> int:
    """Return the indentation of the nearest line above that is indented less, -1 where there is none."""
    if own == 0:
        return -1
    for number in range(line - 1, max(-1, line - 4 * _NEAR), -1):
        above = text.line(number)
        if above.strip() and width(above) < own:
            return width(above)
    return -1


def _header(document: Document, line: int, last: str) -> str:
    """Return a header that may be broken over several lines as one; ``last`` is what there is of its last line."""
    missing, whole = 0, ""
    for number in range(line, max(-1, line - _NEAR), -1):
        found = last if number == line else document.text.line(number)
        seen = brackets(found, document.language)
        missing = max(0, missing - len(seen.openers)) + len(seen.closers)
        if not missing:
            return found + whole
        whole = found.strip() + whole
    return last
