"""A problem in a unit of code, placed relative to the unit, so that it moves with the code."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, cast

from tierwise.core.text import Position, Span

FEATURE = "diagnostics"
"""What settings, budgets and the ledger call the work of this room."""

SEVERITIES = ("error", "warning", "information", "hint")
"""From the gravest on, in the protocol's order."""


class Concern(StrEnum):
    """What a finding is about."""

    BUG = "bug"
    SECURITY = "security"
    PERFORMANCE = "performance"
    API_MISUSE = "api_misuse"
    CONCURRENCY = "concurrency"
    ERROR_HANDLING = "error_handling"
    TEST_GAP = "test_gap"
    DOCUMENTATION = "documentation"


CONCERNS = tuple(Concern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A place elsewhere that a finding leans on: the URI of its file, the code there and what it has to do with it."""

    uri: str
    line: int
    quote: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem: ``span`` counts lines from the unit's first, ``quote`` is the code in it; ``cwe`` is the number of a
    known weakness, ``tag`` ``unnecessary``, ``deprecated`` or nothing. ``task`` is what the ledger calls the question
    whose answer had the last word on it.
    """

    concern: Concern
    severity: str
    title: str
    detail: str
    span: Span
    quote: str
    cwe: int | None = None
    tag: str = ""
    related: tuple[Related, ...] = ()
    task: str = ""

    @property
    def ident(self) -> str:
        """What it is known by when it is dismissed: its concern and its code, wherever that stands."""
        return ident_of(self.concern, self.quote)


def ident_of(concern: Concern, quote: str) -> str:
    """Return what a finding about this code is known by."""
    return hashlib.sha256(f"{concern}\0{' '.join(quote.split())}".encode()).hexdigest()[:32]


def written(finding: Finding) -> dict[str, Any]:
    """Return the finding as plain JSON."""
    start, end = finding.span.start, finding.span.end
    plain = asdict(finding)
    plain["span"] = [start.line, start.column, end.line, end.column]
    return plain


def read(said: Mapping[str, Any]) -> Finding:
    """Return the finding that ``written`` wrote; raises ``KeyError``, ``TypeError`` or ``ValueError``."""
    first, start, last, end = cast("list[int]", said["span"])
    fields: dict[str, Any] = {
        **said,
        "concern": Concern(said["concern"]),
        "span": Span(Position(first, start), Position(last, end)),
        "related": tuple(Related(**place) for place in cast("list[dict[str, Any]]", said["related"])),
    }
    return Finding(**fields)
