"""What is known of a document: the findings of its units as they are now, those that were dismissed left out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tierwise.core.document import Document
from tierwise.core.text import Position, Span
from tierwise.workspace.grammars import language_of

from .answers import Suspect, line_of
from .dismissal import is_dismissed
from .finding import Concern, Finding, Related
from .profiles import PROFILES
from .sameness import distinct
from .store import Store
from .survey import Read
from .units import Unit, units_of


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
    if store.is_empty():
        return []
    if not document.language:
        document = replace(document, language=language_of(document.uri))
    units = units_of(document)
    found = _found(units, store, concerns)
    gone = store.dismissed() if found else frozenset[str]()
    placed: list[Placed] = []
    for unit in units:
        for finding in found.get(unit.key, ()):
            one = _placed(finding, unit, document)
            if finding.ident not in gone and not is_dismissed(one.span.start.line, finding.concern, document):
                placed.append(replace(one, finding=replace(finding, related=tuple(_related(finding, document, read)))))
    return sorted(placed, key=lambda each: (each.span.start, each.finding.title))


def _found(units: Sequence[Unit], store: Store, concerns: Collection[Concern]) -> dict[str, list[Finding]]:
    """Return by unit key what any profile found; what two of them found is there once."""
    by_key: dict[str, list[Finding]] = {}
    for profile in PROFILES.values():
        wanted = profile.of(concerns)
        for key, findings in store.known((unit.key for unit in units), wanted, profile.mark).items() if wanted else ():
            by_key.setdefault(key, []).extend(findings)
    every = {unit.key: unit for unit in units}
    return {
        key: [suspect.finding for suspect in distinct(Suspect(unit=every[key], finding=each) for each in findings)]
        for key, findings in by_key.items()
        if findings
    }


def _placed(finding: Finding, unit: Unit, document: Document) -> Placed:
    start, end = finding.span.start, finding.span.end
    span = Span(Position(start.line + unit.first, start.column), Position(end.line + unit.first, end.column))
    return Placed(uri=document.uri, unit=unit, span=span, finding=finding)


def _related(finding: Finding, document: Document, read: Read | None) -> Iterator[Related]:
    for place in finding.related:
        other = document if place.uri == document.uri else read(place.uri) if read else None
        line = line_of(other, place.quote, place.line) if other is not None else None
        if line is not None:
            yield replace(place, line=line)
