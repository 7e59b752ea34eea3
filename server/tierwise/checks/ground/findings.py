"""What a tool complains of, and which of it is new."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tierwise.core.outcome import Place, Verdict

SHOWN = 5
"""Findings that a reason spells out; the next model needs the first few, not all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: the file below the root, its line from 0, the tool's code and message."""

    path: Path
    line: int
    code: str
    message: str

    @property
    def same(self) -> tuple[Path, str, str]:
        """What stays the same when lines move."""
        return (self.path, self.code, self.message)


def fresh(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """Return the findings that were not there before, however the lines have moved."""
    known = Counter(finding.same for finding in before)
    new: list[Finding] = []
    for finding in after:
        if known[finding.same] > 0:
            known[finding.same] -= 1
        else:
            new.append(finding)
    return new


def verdict(check: str, noun: str, found: Sequence[Finding], uris: dict[Path, str]) -> Verdict:
    """Return the verdict on new findings: a veto that lists the first of them."""
    if not found:
        return Verdict(check=check, passed=True, score=1.0)
    listed = "; ".join(
        f"{finding.path.name}:{finding.line + 1}: {finding.message} [{finding.code}]" for finding in found[:SHOWN]
    )
    count = f"{len(found)} new {noun}{'s' if len(found) > 1 else ''}"
    places = tuple(Place(uri=uris[found_.path], line=found_.line) for found_ in found if found_.path in uris)
    everywhere = places if len(places) == len(found) else ()
    return Verdict(check=check, passed=False, score=0.0, reason=f"{count}: {listed}", places=everywhere)
