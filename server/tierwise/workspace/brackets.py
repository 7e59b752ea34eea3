"""Which brackets of a text have their partners in it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .comments import opaque, wholes

PARTNERS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brackets:
    """Offsets into a text: ``pairs`` maps a closing bracket to its opening one, ``closers`` and ``openers`` have no
    partner, ``wholes`` are the comments and strings, which nothing may cut in two; ``outer`` is where the string that
    the text begins in is closed, None where it is not.
    """

    pairs: dict[int, int]
    closers: tuple[int, ...]
    openers: tuple[int, ...]
    wholes: tuple[tuple[int, int], ...]
    outer: int | None

    def divides(self, at: int) -> bool:
        """Whether a cut would part a bracket from its partner, or a string or comment from its rest."""
        if any(start < at < end for start, end in self.wholes):
            return True
        return any(opened < at <= closed for closed, opened in self.pairs.items())


@lru_cache(maxsize=64)
def brackets(text: str, language: str, inside: str = "") -> Brackets:
    """Scan the text; ``inside`` is the quotation mark of the string that it begins in, if it does.

    Several trims ask this of the same text, one after the other: the answers are kept for them.
    """
    pairs: dict[int, int] = {}
    closers: list[int] = []
    wholes: list[tuple[int, int]] = []
    open_: list[tuple[str, int]] = []
    shift, outer = len(inside), None
    for found in opaque(language).finditer(inside + text):
        at, sign = found.start() - shift, found[0]
        if sign in "([{":
            open_.append((sign, at))
        elif at < 0:
            # A cut right before the closing mark parts nothing: the string began before the text.
            outer = found.end() - 2 * shift
            wholes.append((at, outer))
        elif sign not in PARTNERS:
            wholes.append((at, found.end() - shift))
        elif open_ and open_[-1][0] == PARTNERS[sign]:
            pairs[at] = open_.pop()[1]
        else:
            closers.append(at)
    return Brackets(
        pairs=pairs, closers=tuple(closers), openers=tuple(at for _, at in open_), wholes=tuple(wholes), outer=outer
    )


def depths(text: str, language: str, inside: str = "") -> list[int]:
    """Return for each line of the text how many brackets that the text opened are open where it begins.

    A line inside a string or comment of several lines counts as one deeper. Closing brackets without a partner count
    as nothing, and one kind of bracket is as good as another, which makes this twice as fast as ``brackets``.
    """
    depth, found = 0, list[int]()
    for line in wholes(language).sub(_blank, inside + text).split("\n"):
        found.append(depth)
        for sign in _SIGNS(line):
            if sign in "([{":
                depth += 1
            elif depth:
                depth -= 1
    return found


_SIGNS = re.compile(r"[()\[\]{}]").findall


def _blank(found: re.Match[str]) -> str:
    return "(" + "\n" * breaks + ")" if (breaks := found[0].count("\n")) else ""
