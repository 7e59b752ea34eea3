"""Models' replies, read strictly: what is no JSON, unplaceable, unknown or too much is dropped and counted."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from tierwise.core.document import Document
from tierwise.core.text import Span
from tierwise.edits import MalformedError
from tierwise.edits.json_reply import parsed

from .finding import SEVERITIES, Concern, Finding, Related
from .placing import place
from .units import Unit

log = logging.getLogger(__name__)

MOST = 8
"""Suspects of one call, as the prompt says: who names more has not looked but listed."""
LONGEST = {"title": 200, "detail": 2_000, "message": 500}
"""Characters that are kept."""
MOST_RELATED = 5


class Refused(StrEnum):
    """Why something that a model said was dropped."""

    PROSE = "not the JSON asked for"
    MALFORMED = "an entry without the fields asked for"
    INVENTED = "code that does not stand there"
    UNKNOWN = "a concern that was not asked for"
    FLOOD = "more than was allowed"
    UNDECIDED = "a suspect without a verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Something in a unit that deserves a second look."""

    unit: Unit
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a model was shown when it confirmed: the units in question, and documents by the paths it knows them by."""

    units: Sequence[Unit]
    documents: Mapping[str, Document]


def suspects_of(
    text: str, units: Sequence[Unit], concerns: Collection[Concern], refused: Counter[Refused]
) -> list[Suspect] | None:
    """Return the suspects that a first look named; None for a reply that cannot be read at all."""
    listed = _listed(text, "suspects", refused)
    if listed is None:
        return None
    if len(listed) > MOST:
        _refuse(refused, Refused.FLOOD, len(listed) - MOST)
    found: list[Suspect] = []
    for said in listed[:MOST]:
        suspect = _suspect(said, units, concerns, refused)
        if suspect is not None:
            found.append(suspect)
    return found


def confirmed_of(
    text: str, suspects: Sequence[Suspect], shown: Shown, concerns: Collection[Concern], refused: Counter[Refused]
) -> list[Suspect] | None:
    """Return the suspects that were found real, corrected; None for a reply that cannot be read at all."""
    listed = _listed(text, "verdicts", refused)
    if listed is None:
        return None
    real: list[Suspect] = []
    open_ = dict(enumerate(suspects, 1))
    for said in listed:
        number = said.get("suspect")
        suspect = open_.pop(number, None) if isinstance(number, int) else None
        if suspect is None:
            _refuse(refused, Refused.INVENTED)
        elif said.get("real") is True:
            real.append(_corrected(said, suspect, shown, concerns, refused))
    if open_:
        _refuse(refused, Refused.UNDECIDED, len(open_))
    return real


def _listed(text: str, name: str, refused: Counter[Refused]) -> list[dict[str, Any]] | None:
    try:
        listed = parsed(text).get(name)
    except MalformedError:
        listed = None
    if not isinstance(listed, list):
        _refuse(refused, Refused.PROSE)
        return None
    entries = cast("list[object]", listed)
    objects = [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
    if len(objects) < len(entries):
        _refuse(refused, Refused.MALFORMED, len(entries) - len(objects))
    return objects


def _suspect(
    said: Mapping[str, Any], units: Sequence[Unit], concerns: Collection[Concern], refused: Counter[Refused]
) -> Suspect | None:
    concern = said.get("concern")
    title = _said(said, "title")
    if not title:
        return _refuse(refused, Refused.MALFORMED)
    if concern not in concerns:
        return _refuse(refused, Refused.UNKNOWN)
    placed = _placed(said, units)
    if placed is None:
        return _refuse(refused, Refused.INVENTED)
    unit, span = placed
    finding = Finding(
        concern=Concern(str(concern)),
        severity=_severity(said),
        title=title,
        detail=_said(said, "why", "detail"),
        span=span,
        quote=str(said.get("quote")).strip("\n"),
    )
    return Suspect(unit=unit, finding=finding)


def _corrected(
    said: Mapping[str, Any],
    suspect: Suspect,
    shown: Shown,
    concerns: Collection[Concern],
    refused: Counter[Refused],
) -> Suspect:
    """Return the suspect as the second look describes it; a place or concern it invents leaves those as they were."""
    first = suspect.finding
    placed = _placed(said, shown.units)
    if placed is None:
        _refuse(refused, Refused.INVENTED)
    unit, span = placed or (suspect.unit, first.span)
    concern = said.get("concern")
    if concern not in concerns:
        _refuse(refused, Refused.UNKNOWN)
        concern = first.concern
    finding = Finding(
        concern=Concern(str(concern)),
        severity=_severity(said, first.severity),
        title=_said(said, "title") or first.title,
        detail=_said(said, "detail") or first.detail,
        span=span,
        quote=str(said.get("quote")).strip("\n") if placed else first.quote,
        cwe=_cwe(said.get("cwe")),
        tag=str(said["tag"]) if said.get("tag") in ("unnecessary", "deprecated") else "",
        related=_related(said.get("related"), shown, refused),
    )
    return Suspect(unit=unit, finding=finding)


def _related(said: object, shown: Shown, refused: Counter[Refused]) -> tuple[Related, ...]:
    found: list[Related] = []
    for entry in cast("list[object]", said)[:MOST_RELATED] if isinstance(said, list) else []:
        fields = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
        document = shown.documents.get(str(fields.get("path")))
        quote = str(fields.get("quote", "")).strip()
        line = line_of(document, quote) if document is not None else None
        if document is None or line is None:
            _refuse(refused, Refused.INVENTED)
            continue
        found.append(Related(uri=document.uri, line=line, quote=quote, message=_said(fields, "message")))
    return tuple(found)


def line_of(document: Document, quote: str, hint: int = 0) -> int | None:
    """Return the line, from 0, nearest to the hint, that holds the quotation's first line; None where none does."""
    first = quote.strip().split("\n")[0].strip()
    fitting = [number for number, line in enumerate(document.text.raw_lines()) if first and first in line]
    return min(fitting, key=lambda number: abs(number - hint), default=None)


def _placed(said: Mapping[str, Any], units: Sequence[Unit]) -> tuple[Unit, Span] | None:
    line = said.get("line")
    quote = said.get("quote")
    return place(quote, line if isinstance(line, int) else 0, units) if isinstance(quote, str) else None


def _said(said: Mapping[str, Any], *names: str) -> str:
    text = next((value.strip() for name in names if isinstance(value := said.get(name), str)), "")
    return text[: LONGEST.get(names[0], LONGEST["detail"])]


def _severity(said: Mapping[str, Any], otherwise: str = "warning") -> str:
    severity = said.get("severity")
    return str(severity) if severity in SEVERITIES else otherwise


def _cwe(value: object) -> int | None:
    """Return the number where it can be one; the list of weaknesses has four digits."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000 else None


def _refuse(refused: Counter[Refused], why: Refused, count: int = 1) -> None:
    refused[why] += count
    log.info("of a model's findings dropped: %d (%s)", count, why)
