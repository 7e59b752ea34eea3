"""Loops: a model that says the same again and again."""

from tierwise.core.task import Task

from .hole import hole

_LONGEST = 4
"""Rows in the block that repeats; longer loops end at the token limit."""

_ROUNDS, _LETTERS = 3, 10
"""A block of so many letters, said so often in a row, is a loop: code seldom says the same thrice to the letter."""

_SHORT_ROUNDS, _SHORT = 8, 3
"""A shorter one has to be said more often: tables hold equal cells."""

_ROW_ROUNDS = 5
"""How often a row of fewer than ``_LETTERS`` letters, but of more than ``_SHORT``, has to be said."""

_WIDEST = 60
"""Characters in a part of a row that repeats."""

_SURE = 3
"""Times as many rounds within a row until the stream is ended: of fewer a model still finds its way out."""


def trim(text: str, task: Task) -> str:
    """Cut behind the first round of the first loop."""
    end = _end(text, task, 1)
    return text if end is None else text[:end]


def enough(text: str, task: Task) -> bool:
    """Whether the model is in a loop."""
    return _end(text, task, _SURE) is not None


def _end(text: str, task: Task, sure: int) -> int | None:
    rows = text.split("\n")
    if len(rows) >= _ROUNDS:
        place = hole(task)
        # The first row's indentation stands before the cursor already.
        first = place.before if place is not None and place.fresh else ""
        at = _looping_rows([first + rows[0], *rows[1:]])
        if at is not None:
            return len("\n".join(rows[:at]))
    start = 0
    for row in rows:
        if len(row) >= _ROUNDS * _LETTERS - 1:
            at = _looping_part(row, sure)
            if at is not None:
                return start + at
        start += len(row) + 1
    return None


def _looping_rows(rows: list[str]) -> int | None:
    """Return the number of the row where the second round begins."""
    for stop in range(_ROUNDS, len(rows) + 1):
        for size in range(1, min(_LONGEST, stop // _ROUNDS) + 1):
            block = rows[stop - size : stop]
            if rows[stop - 1 - size] != block[-1]:
                continue
            rounds = _rounds(_letters("".join(block)), size)
            start = stop - rounds * size
            if start < 0:
                continue
            if all(rows[start + turn * size : start + (turn + 1) * size] == block for turn in range(rounds - 1)):
                return start + size
    return None


def _rounds(letters: int, size: int) -> int:
    """Return how often a block of so many rows has to be said to be a loop."""
    if letters >= _LETTERS:
        return _ROUNDS
    return _ROW_ROUNDS if size == 1 and letters > _SHORT else 1_000


def _looping_part(row: str, sure: int) -> int | None:
    """Return where the second round of a loop begins that goes on to the row's end."""
    size = len(row)
    for period in range(_SHORT, min(_WIDEST, size // (_ROUNDS * sure)) + 1):
        rounds = sure * (_ROUNDS if period >= _LETTERS else _SHORT_ROUNDS)
        need = period * rounds
        if need > size or row[size - period] != row[size - 2 * period]:
            continue
        if row[size - need : size - period] != row[size - need + period :]:
            continue
        if _letters(row[size - period :]) * 3 < period:
            continue  # rulers and empty cells are drawn, not looped
        start = size - need
        while start > 0 and row[start - 1] == row[start - 1 + period]:
            start -= 1
        return start + period
    return None


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
