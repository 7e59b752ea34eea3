"""Which findings say the same: as one another, or as the language's own servers have said already."""

import re
from collections.abc import Iterable, Sequence

from tierwise.core.task import Diagnostic

from .answers import Suspect
from .finding import SEVERITIES

ALIKE = 0.4
"""Share of the shorter sentence's words that the other one has too, from which both mean one problem; only sentences
about the same lines are compared. Judged by reading examples, not measured."""

_WORD = re.compile(r"[a-z]{3,}")


def distinct(suspects: Iterable[Suspect]) -> list[Suspect]:
    """Return the suspects without those that repeat a graver one about the same lines."""
    kept: list[Suspect] = []
    for suspect in sorted(suspects, key=lambda each: SEVERITIES.index(each.finding.severity)):
        if not any(_same(suspect, other) for other in kept):
            kept.append(suspect)
    return kept


def unsaid(suspects: Iterable[Suspect], reported: Sequence[Diagnostic]) -> list[Suspect]:
    """Return the suspects that none of the problems reported for their document speaks of."""
    return [suspect for suspect in suspects if not any(_says(problem, suspect) for problem in reported)]


def _same(one: Suspect, other: Suspect) -> bool:
    if one.unit.key != other.unit.key or one.unit.first != other.unit.first:
        return False
    first, second = one.finding, other.finding
    if first.span.start.line > second.span.end.line or second.span.start.line > first.span.end.line:
        return False
    return first.concern is second.concern or _alike(first.title, second.title)


def _says(problem: Diagnostic, suspect: Suspect) -> bool:
    finding, offset = suspect.finding, suspect.unit.first
    if problem.uri != suspect.unit.uri:
        return False
    first, last = finding.span.start.line + offset, finding.span.end.line + offset
    if problem.span.start.line > last or problem.span.end.line < first:
        return False
    return _alike(problem.message, finding.title) or _alike(problem.message, f"{finding.title} {finding.detail}")


def _alike(one: str, other: str) -> bool:
    """Whether most of the shorter sentence's words are in the other."""
    first, second = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    fewer = min(len(first), len(second))
    return fewer > 0 and len(first & second) / fewer >= ALIKE
