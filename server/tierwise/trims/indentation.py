"""Indentation as the file has it."""

import re

from tierwise.core.task import Task
from tierwise.workspace.comments import PROSE
from tierwise.workspace.cursor import Extent, Rest, Standing
from tierwise.workspace.headers import continues, opens
from tierwise.workspace.indentation import TAB, Style, lead, width

from .hole import Hole, hole

SPACES = Style(tabs=False, unit=TAB)
_STEPS = (2, 4)
"""Steps that models confuse; a step of eight is as a rule two of four, or a continued line."""


def trim(text: str, task: Task) -> str:
    """Start where the cursor stands, add what a model left out on all lines, and write it in the file's style."""
    place = hole(task)
    if place is None or not text or place.cursor.standing is Standing.STRING:
        return text
    text = _started(text, place)
    if "\n" not in text and not place.fresh:
        return text
    rows = text.split("\n")
    rows = _straightened(_shifted(rows, place), place)
    style = _style(place, task)
    return "\n".join(_styled(rows, place, style)) if style is not None else "\n".join(rows)


def _started(text: str, place: Hole) -> str:
    """Give the first row the white space that is missing before the cursor, and no more."""
    if not place.fresh:
        doubled = place.before[-1:] in (" ", "\t") and text[:1] in (" ", "\t")
        if _begins_block(text, place):
            return "\n" + text
        return text.lstrip(" \t") if doubled or _parts_word(text, place) or _pads(text, place) else text
    body = text.lstrip()
    if not body:
        return ""
    first = text[: len(text) - len(body)].rpartition("\n")[2]
    return _missing(first, place) + body


def _begins_block(text: str, place: Hole) -> bool:
    """Whether the reply begins with the row behind a header, but without the line end before it."""
    if place.cursor.extent is Extent.LINE or place.cursor.rest is not Rest.NOTHING:
        return False
    return width(text) > max(1, place.cursor.parent) and opens(place.before, place.language)


def _parts_word(text: str, place: Hole) -> bool:
    """Whether the reply begins with a space in the middle of a word: many models' tokens do."""
    begun, rest = _BEGUN.search(place.before), _GOES_ON.match(text)
    return begun is not None and rest is not None and place.knows(begun[0] + rest[1]) and not place.knows(begun[0])


def _pads(text: str, place: Hole) -> bool:
    """Whether the reply begins with a space behind a dot or a bracket, which the file does not do."""
    sign = place.before[-1:]
    if sign not in ("(", "[", ".") or text[:1] != " " or place.cursor.standing is not Standing.CODE:
        return False
    return not any(f"{sign} " in line for line in place.above[-_LOOKED_AT:])


_LOOKED_AT = 60
"""Lines above in which a habit of the file shows."""
_BEGUN, _GOES_ON = re.compile(r"[^\W\d]\w*\Z"), re.compile(r" (\w+)")


def _missing(first: str, place: Hole) -> str:
    """Return the white space to begin with, where the model began with ``first``."""
    own, given = width(place.before), width(first)
    if not given:
        return "" if own >= place.cursor.floor else first
    above = next((line for line in reversed(place.above) if line.strip()), "")
    inner = place.cursor.extent is not Extent.LINE and own < place.cursor.floor
    wanted = width(above) if given == width(above) or not inner else given
    if inner and opens(above, place.language):
        step = place.style.unit if place.style else TAB
        wanted = place.cursor.parent + step if given % step else given
    if wanted <= own:
        return ""
    return first if wanted == given and own == 0 else " " * (wanted - own)


def _shifted(rows: list[str], place: Hole) -> list[str]:
    """Indent the rows behind the first where the model wrote them as if the first stood at the margin."""
    # Of a header broken over several lines the last one may stand anywhere.
    own = width(place.before) if place.fresh or place.cursor.parent < 0 else place.cursor.parent
    second = next((row for row in rows[1:] if row.strip()), "")
    if not own or not second or not opens(place.before + rows[0], place.language):
        return rows
    if not 0 < width(second) <= own or continues(second):
        return rows  # a label of a switch may stand as far out as the switch
    indent = lead(place.before) if own == width(place.before) else (place.style or SPACES).lead(own)
    return [rows[0], *(indent + row if row.strip() else row for row in rows[1:])]


def _straightened(rows: list[str], place: Hole) -> list[str]:
    """Take back one column too many, which models add to the rows as they add it to the first: their tokens begin with
    a space.
    """
    own, depths = width(place.before), place.depths("\n".join(rows))
    second = next((row for row, depth in zip(rows[1:], depths[1:], strict=True) if row.strip() and not depth), "")
    if width(second) != own + 1 or second.lstrip()[:1] == "*" or place.language in PROSE:
        return rows  # rows of a comment begin with a star one column in
    if opens(place.before + rows[0], place.language):
        return rows
    return [rows[0], *(row[1:] if row[:1] == " " and width(row) > own else row for row in rows[1:])]


def _style(place: Hole, task: Task) -> Style | None:
    """Return the file's style; a file without an indented line has the editor's, if that is known."""
    if place.style is not None:
        return place.style
    if "tab_size" not in task.facts:
        return None
    return Style(tabs=not task.facts.get("insert_spaces", True), unit=int(task.facts["tab_size"]))


def _styled(rows: list[str], place: Hole, style: Style) -> list[str]:
    """Write each row's indentation in the style: tabs or spaces, and steps of its size where the model's differ."""
    base = width(place.before)
    first = rows[0] if not place.fresh else lead(rows[0]) + rows[0].lstrip(" \t")
    leads = [lead(row) for row in rows[1:] if row.strip()]
    step = _step(rows, place)
    wrong_kind = any(" " * style.unit in indent if style.tabs else "\t" in indent for indent in leads)
    wrong_step = not style.tabs and step in _STEPS and style.unit in _STEPS and step != style.unit
    below = width(place.next_line)
    columns = [width(row) for row in rows[1:] if row.strip()]
    if wrong_step and ((below > base and below in columns) or any(max(0, each - base) % step for each in columns)):
        wrong_step = False  # the document goes on with the model's step, or the model has more than one
    if not wrong_kind and not wrong_step:
        return rows
    unit = step or style.unit
    written = [first]
    for row in rows[1:]:
        reach = width(row, style.unit if not style.tabs else unit)
        inner = max(0, reach - base)
        if wrong_step:
            reach = min(reach, base) + inner // unit * style.unit + inner % unit
        indent = "\t" * (reach // unit) + " " * (reach % unit) if style.tabs else " " * reach
        written.append(indent + row.lstrip(" \t") if row.strip() else row)
    return written


def _step(rows: list[str], place: Hole) -> int:
    """Return how far the model steps inward behind the first header it writes, 0 where it writes none."""
    above = place.before + rows[0]
    for row in rows[1:]:
        if not row.strip():
            continue
        if opens(above, place.language) and width(row) > width(above):
            return width(row) - width(above)
        above = row
    return 0
