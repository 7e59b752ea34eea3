"""What is known of a document: the findings of its units as they are now, those that were dismissed left out."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from tierwise.core.document import Document
from tierwise.core.text import Position, Span
from tierwise.workspace.syntax import language_of

from .answers import line_of
from .finding import Concern, Finding, Related
from .store import Store
from .survey import Read
from .units import Unit, units_of

_DISMISSED = re.compile(r"tierwise:\s*ignore(?:\[([\w, ]+)\])?")
"""A comment that dismisses findings of the same or the next line: all of them, or those about some concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A finding at its place in a document as it is now."""

    uri: str
    unit: Unit
    span: Span
    finding: Finding


def known(document: Document, store: Store, concerns: Collection[Concern], read: Read | None = None) -> list[Placed]:
    """Return the document's findings, in order; those of units that have changed since are gone.

    ``read`` returns other documents, to find places there again. Parses the document: for threads.
    """
    if not document.language:
        document = replace(document, language=language_of(document.uri))
    units = units_of(document)
    found = store.known((unit.key for unit in units), concerns)
    gone = store.dismissed() if any(found.values()) else frozenset[str]()
    placed: list[Placed] = []
    for unit in units:
        for finding in found.get(unit.key, ()):
            one = _placed(finding, unit, document)
            if finding.ident not in gone and not _is_dismissed(one, document):
                placed.append(replace(one, finding=replace(finding, related=tuple(_related(finding, document, read)))))
    return sorted(placed, key=lambda each: (each.span.start, each.finding.title))


def _placed(finding: Finding, unit: Unit, document: Document) -> Placed:
    start, end = finding.span.start, finding.span.end
    span = Span(Position(start.line + unit.first, start.column), Position(end.line + unit.first, end.column))
    return Placed(uri=document.uri, unit=unit, span=span, finding=finding)


def _is_dismissed(placed: Placed, document: Document) -> bool:
    line = placed.span.start.line
    for number in (line, line - 1):
        said = _DISMISSED.search(document.text.line(number)) if number >= 0 else None
        if said is not None and (said[1] is None or placed.finding.concern in said[1].replace(" ", "").split(",")):
            return True
    return False


def _related(finding: Finding, document: Document, read: Read | None) -> Iterator[Related]:
    for place in finding.related:
        other = document if place.uri == document.uri else read(place.uri) if read else None
        line = line_of(other, place.quote, place.line) if other is not None else None
        if line is not None:
            yield replace(place, line=line)
