"""One source's settings made valid: each wrong piece becomes a problem and is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .complaint import Complaint, complaint
from .draft import Draft
from .model import UNTRUSTED, Settings
from .places import Place, places
from .problems import Problem, Route, Source, dotted
from .section import Known

_ATOMIC = "rules"
"""A rule is taken whole or not at all: with one condition less it would hold where it was never meant to."""

_LISTED = 100
"""Problems of one source; a hostile file can hold tens of thousands."""

_TABLES = {spelled: name for name, field_ in Settings.model_fields.items() for spelled in (name, field_.alias or name)}
"""Every spelling of every table, so that none gets around what a project may set."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What one source wrote; ``path`` and ``text`` where it is a file, ``names`` where it calls settings otherwise."""

    source: Source
    written: Mapping[str, object]
    path: Path | None = None
    text: str = ""
    names: Mapping[Route, str] = field(default_factory=dict[Route, str])
    may_hold_secrets: bool = False

    def problem(self, found: Complaint) -> Problem:
        """Say where the complaint's subject stands."""
        place = self._places.get(found.route) or self._places.get(found.route[:-1])
        span = None if place is None else place.key if found.about_key or place.value is None else place.value
        return Problem(
            source=self.source,
            path=self.path,
            span=span,
            key=self._name(found.route),
            message=found.message,
            fix=found.fix,
        )

    def _name(self, route: Route) -> str:
        named = (self.names[route[:length]] for length in range(len(route), 0, -1) if route[:length] in self.names)
        return next(named, dotted(route))

    @cached_property
    def _places(self) -> Mapping[Route, Place]:
        return places(self.text)


def valid(layer: Layer, known: Known) -> tuple[dict[str, Any], list[Problem]]:
    """Return what the layer sets, with snake_case keys, and what was wrong with the rest."""
    draft = Draft(layer.written)
    problems = _withheld(layer, draft)
    root = layer.path.parent if layer.path and layer.source is Source.PROJECT else None
    known = replace(known, may_hold_secrets=layer.may_hold_secrets, root=root)
    while True:
        try:
            settings = Settings.model_validate(draft.content, context=known)
        except ValidationError as error:
            problems += _cut(layer, draft, error)
        else:
            return settings.model_dump(exclude_unset=True), _most(layer, problems)


def _cut(layer: Layer, draft: Draft, error: ValidationError) -> list[Problem]:
    """Cut what is wrong out of the draft, which gets smaller each time."""
    found: list[Complaint] = []
    wrong: list[Route] = []
    for details in error.errors(include_url=False, include_input=False):
        said = complaint(details, draft.value(details["loc"]))
        wrong.append(said.route[:2] if said.route[:1] == (_ATOMIC,) else said.route)
        if details["type"] != "too_short" or not draft.had_items(said.route):  # else its items were complained of
            found.append(replace(said, route=draft.as_written(said.route)))
    if not draft.cut(wrong):
        draft.content.clear()
    return sorted(map(layer.problem, found), key=_line)


def _most(layer: Layer, problems: list[Problem]) -> list[Problem]:
    """Keep as many problems as people read, and say how many more there are."""
    more = len(problems) - _LISTED
    if more <= 0:
        return problems
    said = Complaint(route=(), message=f"there are {more} more mistakes", fix="Correct the others first.")
    return [*problems[:_LISTED], layer.problem(said)]


def _line(problem: Problem) -> int:
    return problem.span.start.line if problem.span else 0


def _withheld(layer: Layer, draft: Draft) -> list[Problem]:
    """Take out what a project's own file may not decide."""
    if layer.source is not Source.PROJECT:
        return []
    refused = [written for written in draft.content if _TABLES.get(written, UNTRUSTED[0]) not in UNTRUSTED]
    draft.cut((name,) for name in refused)
    return [
        layer.problem(
            Complaint(
                route=(name,),
                message=f'a project\'s own file may not set "{name}"',
                fix=f"Move it to your own settings; here may stand: {', '.join(UNTRUSTED)}.",
                about_key=True,
            )
        )
        for name in refused
    ]
