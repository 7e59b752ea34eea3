"""What goes beyond the statement, block or body that the cursor stands in."""

import re

from tierwise.core.task import Task
from tierwise.workspace.cursor import Extent, Rest, Standing
from tierwise.workspace.headers import continues, opens
from tierwise.workspace.indentation import width

from .hole import Hole, hole

_DECIDED = re.compile(r"\s*(?:\w+\W|[^\s\w)\]}.&|?-])")
"""The start of a row that tells whether it goes on with the statement above: a whole word, or a sign that none does."""

_CLOSING = re.compile(r"[\s)\]};,]+")
_CLOSER = re.compile(r"\s*[)\]}]")


def trim(text: str, task: Task) -> str:
    """Cut where the reply leaves its place."""
    place = hole(task)
    end = _end(text, place, True) if place is not None else None
    return text if end is None else text[:end]


def enough(text: str, task: Task) -> bool:
    """Whether the reply has left its place."""
    place = hole(task)
    return place is not None and _end(text, place, False) is not None


def _end(text: str, place: Hole, complete: bool) -> int | None:
    """Return where the reply leaves its place, None where it stays there as far as it goes.

    ``complete`` says that the last row is whole; while the reply streams it may still grow.
    """
    if _closes_twice(text, place):
        return 0
    if "\n" not in text:
        return None
    if place.cursor.extent is Extent.LINE:
        return _end_of_line(text, place, complete)
    return _Rows(text, place, complete).end()


def _end_of_line(text: str, place: Hole, complete: bool) -> int | None:
    """Return the end of the line, or of the statement where the line leaves a bracket open."""
    strict = place.cursor.rest is Rest.CODE or (place.cursor.standing is Standing.STRING and not place.cursor.long)
    start = 0
    if not strict and place.cursor.rest is Rest.NOTHING and not place.fresh:
        # A line with nothing to add may be followed by another one.
        start = len(text) - len(text.lstrip("\n \t"))
        start = start if "\n" in text[:start] else 0
    at = text.find("\n", start)
    if place.cursor.standing in (Standing.COMMENT, Standing.STRING) and text.count("\n", 0, start) > 1:
        return 0  # what comes behind an empty line is as a rule something else
    if start and _leads_away(text[start:at] if at >= 0 else text[start:], place, complete or at >= 0):
        return 0
    if strict or place.cursor.standing in (Standing.COMMENT, Standing.STRING):
        return at if at >= 0 else None
    depths = place.depths(text)
    row = text.count("\n", 0, at) + 1 if at >= 0 else 0
    while at >= 0 and depths[row] > 0:
        at, row = text.find("\n", at + 1), row + 1
    return at if at >= 0 else None


def _leads_away(row: str, place: Hole, complete: bool) -> bool:
    """Whether the row behind a line with nothing to add closes what goes on below."""
    if not complete or not _CLOSING.fullmatch(row):
        return False
    return width(place.next_line) >= width(place.before)


def _closes_twice(text: str, place: Hole) -> bool:
    """Whether the reply begins with the bracket that closes the block around the cursor, where the document has it."""
    if not place.fresh or not _CLOSER.match(text):
        return False
    own = width(place.before)
    above = next((line for line in reversed(place.above) if line.strip() and width(line) <= own), "")
    if width(above) != own or opens(above, place.language):
        return False  # there is a block at the cursor's own indentation to close, or nobody can tell
    return width(place.next_line) < own and _first(place.next_line) == _first(text)


class _Rows:
    """A reply of several rows, walked from the top until one is outside."""

    def __init__(self, text: str, place: Hole, complete: bool) -> None:
        self._rows = text.split("\n")
        self._place, self._complete = place, complete
        self._depths = place.depths(text)
        # What closes behind the cursor is replaced by what the reply closes; what closes below it stays.
        self._below = place.next_line if place.cursor.rest is Rest.NOTHING else ""

    def end(self) -> int | None:
        """Return the end of the last row inside, None where all rows are."""
        place = self._place
        base = width(place.before + self._rows[0] if place.fresh else place.before)
        at, deeper, gap = len(self._rows[0]), False, False
        for number, row in enumerate(self._rows[1:], 1):
            start = at + 1
            at = start + len(row)
            if self._depths[number] > 0:
                deeper = True
                continue
            if not row.strip():
                gap = True
                continue
            last = number == len(self._rows) - 1 and not self._complete
            columns = width(row)
            if columns < place.cursor.floor:
                verdict = self._leaves(row, columns)
            else:
                verdict = self._returns(row, columns <= base, deeper, gap)
            deeper, gap = deeper or columns > base, False
            if verdict is None:
                continue
            if last and (not _DECIDED.match(row) or (columns == place.cursor.parent and continues(row))):
                return None  # the rest of the row decides
            if verdict is _WITH_ROW:
                return None if last else at
            return start - 1
        return None

    def _leaves(self, row: str, columns: int) -> str | None:
        """Judge a row that is indented less than what was to be written."""
        if columns != self._place.cursor.parent or not continues(row):
            return _BEFORE_ROW
        if _first(self._below) == _first(row) and width(self._below) >= columns:
            return _BEFORE_ROW  # the document goes on so itself
        if opens(row, self._place.language):
            return None
        return _WITH_ROW if _CLOSER.match(row) else _BEFORE_ROW

    def _returns(self, row: str, back: bool, deeper: bool, gap: bool) -> str | None:
        """Judge a row of what was to be written: of a block, one statement or paragraph was."""
        if self._place.cursor.extent is Extent.BODY or not self._place.fresh or not back:
            return None
        if gap or (deeper and not continues(row)):
            return _BEFORE_ROW
        return None


_BEFORE_ROW, _WITH_ROW = "before the row", "with the row"


def _first(line: str) -> str:
    """Return the line's first word or sign."""
    found = re.match(r"\s*(\w+|\S)", line)
    return found[1] if found else ""
