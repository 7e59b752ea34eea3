"""What stands after the cursor, repeated in the reply."""

from tierwise.core.task import Task
from tierwise.workspace.cursor import Rest

from .hole import Hole, hole

_TELLING = 6
"""Letters in a line that make its repetition no accident."""

_MOST = 2_000
"""Characters after the cursor that the end of a reply is compared with."""


def trim(text: str, task: Task) -> str:
    """Cut at a row that the document has next, and the longest end that the document already has after the cursor.

    A bracket stays with its partner: of ``f(x)`` before a ``)`` nothing is cut, of ``x)`` the last sign is.
    """
    place = hole(task)
    if place is None or not text:
        return text
    row = _repeated_row(text, place, True)
    if row is not None:
        text = text[:row]
    return text[: len(text) - _overlap(text, place)]


def enough(text: str, task: Task) -> bool:
    """Whether the reply has come to what the document has next."""
    place = hole(task)
    return place is not None and _repeated_row(text, place, False) is not None


def _repeated_row(text: str, place: Hole, complete: bool) -> int | None:
    """Return the end of the rows before those that the document has below the cursor."""
    below = place.following
    if not below or place.after.strip():
        return None
    rows = text.split("\n")
    stop = len(rows) if complete else len(rows) - 1
    end = 0
    for number, row in enumerate(rows[:stop]):
        whole = place.before + row if number == 0 else row
        if whole.rstrip() == below[0] and (number or place.fresh):
            rest = tuple(later.rstrip() for later in rows[number:] if later.strip())
            telling = sum(map(str.isalnum, row)) >= _TELLING
            if telling or (complete and _same(rest, below) and not _paired(text, end, place)):
                return max(0, end - 1)
        end += len(row) + 1
    return None


def _same(rest: tuple[str, ...], below: tuple[str, ...]) -> bool:
    return len(rest) <= len(below) and rest == below[: len(rest)]


def _paired(text: str, start: int, place: Hole) -> bool:
    """Whether a cut there would part brackets of the reply."""
    return place.brackets(text).divides(start)


def _overlap(text: str, place: Hole) -> int:
    """Return how many characters at the end of the text follow in the document."""
    after = "\n".join((place.after, *place.below))[:_MOST]
    size = _overlap_with(after, text, place) or _overlap_but_for_its_end(text, place)
    if size or "\n" not in text:
        return size
    following = after.lstrip("\n")
    size = _overlap_with(following, text, place)
    # Lines further down count only where the reply repeats them as lines.
    return size if text[len(text) - size - 1 : len(text) - size] == "\n" else 0


def _overlap_but_for_its_end(text: str, place: Hole) -> int:
    """Return the same for the rest of the line, where the reply ends it with a sign that the document does without."""
    rest, bare = place.after.rstrip(), text.rstrip().rstrip(",;")
    if place.cursor.rest is not Rest.CODE or len(bare) == len(text.rstrip()) or not bare.endswith(rest):
        return 0
    start = len(bare) - len(rest)
    return 0 if place.brackets(text).divides(start) else len(text) - start


def _overlap_with(following: str, text: str, place: Hole) -> int:
    if not following.strip():
        return 0
    start = text.find(following[0], max(0, len(text) - len(following)))
    while start >= 0:
        end = text[start:]
        if end.strip() and following.startswith(end) and not place.brackets(text).divides(start):
            return len(end)
        start = text.find(following[0], start + 1)
    return 0
