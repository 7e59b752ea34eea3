"""Where in a text the lines stand that a model quoted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tierwise.core.text import Position, Span, Text

from . import MalformedError

NEAR = 0.6
"""Share of quoted lines found in a row from which the place is named to the model as the one it probably meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The place found: whole lines or a ``part`` of one; and the indentation it has beyond that of the quotation
    (``cut``: or the other way round).
    """

    span: Span
    part: bool = False
    indent: str = ""
    cut: str = ""


def find(text: Text, quoted: Sequence[str], hint: int | None = None) -> Fit:
    """Return the only place where the quoted lines stand; raises ``MalformedError``.

    First as they are, then as part of one line, then regardless of white space at the line's end, last with another
    indentation, the same for all lines. ``hint`` is the line where they should stand: it decides between several places
    where it names one of them exactly. The message of the error quotes no code.
    """
    wanted = _bare(quoted)
    if not wanted:
        raise MalformedError("the text to search for is empty, but the file is not: quote the lines to replace")
    lines = [line.rstrip("\r\n") for line in text.raw_lines()]
    for reading in (str, str.rstrip):
        places = _places(lines, wanted, reading)
        if places:
            return Fit(span=_span(text, _the_one(places, hint), len(wanted)))
        if reading is str and len(wanted) == 1 and (within := _within(lines, wanted[0])) is not None:
            return Fit(span=within, part=True)
    places = [at for at in _places(lines, wanted, str.strip) if _shift(lines[at : at + len(wanted)], wanted)]
    if places:
        at = _the_one(places, hint)
        shift = _shift(lines[at : at + len(wanted)], wanted)
        assert shift is not None
        return Fit(span=_span(text, at, len(wanted)), indent=shift[0], cut=shift[1])
    raise MalformedError(_not_found(lines, wanted))


def indented(lines: Sequence[str], fit: Fit) -> list[str]:
    """Return the lines that replace what was found, moved as the quotation was."""
    moved = (line.removeprefix(fit.cut) if fit.cut else fit.indent + line for line in lines)
    return [new if old.strip() else old for old, new in zip(lines, moved, strict=True)]


def _bare(quoted: Sequence[str]) -> list[str]:
    lines = list(quoted)
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _places(lines: Sequence[str], wanted: Sequence[str], reading: Callable[[str], str]) -> list[int]:
    read, sought = [reading(line) for line in lines], [reading(line) for line in wanted]
    count = len(sought)
    return [at for at in range(len(read) - count + 1) if read[at] == sought[0] and read[at : at + count] == sought]


def _the_one(places: Sequence[int], hint: int | None) -> int:
    if len(places) == 1:
        return places[0]
    if hint is not None and hint in places:
        return hint
    listed = ", ".join(str(at + 1) for at in places[:5])
    raise MalformedError(
        f"the text to search for stands at {len(places)} places (lines {listed}): quote more lines around it, until it "
        "stands at one"
    )


def _within(lines: Sequence[str], part: str) -> Span | None:
    found = [(number, line.find(part)) for number, line in enumerate(lines) if part in line]
    if len(found) != 1 or lines[found[0][0]].count(part) != 1:
        return None
    (line, column) = found[0]
    return Span(Position(line, column), Position(line, column + len(part)))


def _shift(lines: Sequence[str], wanted: Sequence[str]) -> tuple[str, str] | None:
    """Return what the file's lines are indented more than the quoted ones, and less, where it is the same for all."""
    shifts: set[tuple[str, str]] = set()
    for line, quoted in zip(lines, wanted, strict=True):
        if not line.strip():
            continue
        has, got = _indent(line), _indent(quoted)
        if has.startswith(got):
            shifts.add((has.removeprefix(got), ""))
        elif got.startswith(has):
            shifts.add(("", got.removeprefix(has)))
        else:
            return None
    return shifts.pop() if len(shifts) == 1 else None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _span(text: Text, first: int, count: int) -> Span:
    stop = first + count
    return Span(Position(first, 0), Position(stop, 0) if stop < text.line_count else text.end)


def _not_found(lines: Sequence[str], wanted: Sequence[str]) -> str:
    best, share = 0, 0.0
    stripped, sought = [line.strip() for line in lines], [line.strip() for line in wanted]
    for at in range(len(lines)):
        same = sum(one == other for one, other in zip(stripped[at:], sought, strict=False)) / len(sought)
        if same > share:
            best, share = at, same
    if share < NEAR:
        return "the text to search for does not stand in the file: copy the lines to replace exactly as they are"
    pairs = zip(stripped[best:], sought, strict=False)
    wrong = next((number for number, (one, other) in enumerate(pairs, 1) if one != other), len(sought))
    return (
        f"the text to search for does not stand in the file; it nearly does at line {best + 1}, but its line {wrong} "
        "reads otherwise there: copy the lines exactly as they are"
    )
