"""What stands before the cursor, repeated at the start of the reply."""

import re

from tierwise.core.task import Task
from tierwise.workspace.headers import opens

from .hole import Hole, hole

_LAST_WORD = re.compile(r"[^\W\d]\w*\Z")
_MARKS = frozenset(("#", "//", "///", "//!", "--", "*", "/**"))
"""What begins a comment and is said again with it."""
_FIRST_WORD = re.compile(r"[^\W\d]\w*")


def trim(text: str, task: Task) -> str:
    """Cut repeated lines, the current line's repeated start, and its repeated last word."""
    place = hole(task)
    if place is None or not text:
        return text
    rows = text.split("\n")
    echoed = _echoed(rows, place)
    if echoed:
        rows = rows[echoed:]
        text = "\n".join(rows)
    if place.fresh:
        return text
    for echo in (place.before, place.before.lstrip(), place.before.strip()):
        # A short echo may be meant, unless it begins with the line's indentation.
        if (len(echo.strip()) >= 3 or echo[:1].isspace()) and text.startswith(echo):
            return text[len(echo) :]
    so_far = place.before.strip()
    if rows[0].strip() == so_far and (len(rows) > 1 or (len(so_far) > 1 and not any(map(str.isalnum, so_far)))):
        return text[len(rows[0]) :]
    if so_far in _MARKS and text.lstrip(" \t").startswith(so_far):
        return text.lstrip(" \t")[len(so_far) :]
    return _without_word(text, place)


def waits(text: str, task: Task) -> bool:
    """Whether the text so far is a part of the lines above the cursor, so that what is new is still to come."""
    place = hole(task)
    rows = [row.strip() for row in text.strip("\n").split("\n")]
    if place is None or not rows[0]:
        return False
    return "\n" + "\n".join(rows) in place.shown


def _echoed(rows: list[str], place: Hole) -> int:
    """Return how many of the first rows are the lines right above the cursor."""
    above, count = place.above, len(rows)
    first = rows[0].strip()
    if not first:
        return 0
    for start in range(max(0, len(above) - count + 1), len(above)):
        size = len(above) - start
        if above[start].strip() != first:
            continue
        if any(rows[at].strip() != above[start + at].strip() for at in range(1, size)):
            continue
        if not place.fresh:
            return size if rows[size].strip().startswith(place.before.strip()) else 0
        # One repeated line may be meant, unless it is a header: nobody opens the same block twice in a row.
        if size > 1 or opens(above[start], place.language):
            return size
    return 0


def _without_word(text: str, place: Hole) -> str:
    """Cut the start of a word that is typed already where the reply begins with the whole word."""
    typed, found = _LAST_WORD.search(place.before), _FIRST_WORD.match(text)
    if typed is None or found is None or not found[0].startswith(typed[0]):
        return text
    if len(typed[0]) < 2 and not place.knows(found[0], typed[0] == place.before.strip()):
        return text  # words may begin with two like letters
    return text[len(typed[0]) :]
