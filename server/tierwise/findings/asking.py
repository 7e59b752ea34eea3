"""The two questions of a scan, put to the engine like every other task."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from tierwise.core.document import Document
from tierwise.core.outcome import Outcome
from tierwise.core.task import Diagnostic, Task
from tierwise.core.text import Position, Span

from .answers import Refused, Shown, Suspect, confirmed_of, suspects_of
from .finding import FEATURE, Concern, Finding
from .placing import numbered
from .profiles import STANDARD, Profile
from .sameness import distinct, unsaid
from .survey import path_of
from .units import Unit

if TYPE_CHECKING:
    from tierwise.engine import Engine

MEANINGS: Mapping[Concern, str] = {
    Concern.BUG: "wrong results, crashes, missed cases, broken contracts",
    Concern.SECURITY: "what an attacker can use: injection, traversal, secrets, broken checks of rights",
    Concern.PERFORMANCE: "work that grows faster than its input needs, or repeats for nothing where it counts",
    Concern.API_MISUSE: "a library, protocol or language feature used against its documentation",
    Concern.CONCURRENCY: "races, deadlocks, state shared without protection, blocking where nothing may block",
    Concern.ERROR_HANDLING: "errors swallowed, resources not released on failure, failures taken for success",
    Concern.TEST_GAP: "a test that cannot fail, or does not test what it says",
    Concern.DOCUMENTATION: "documentation that says something else than the code does",
}

WATCHED = (
    "A stronger reviewer examines every suspect you name, so name what deserves a second look, with evidence in the "
    "code you see."
)
ALONE = (
    "Nobody examines what you name: the programmer sees it as it is. Name only what you can show, on the code you see, "
    "to go wrong for some input or order of events."
)
"""What the first stage is told of who reads its answer."""

SIGNATURES = 3_000
"""Characters of the signatures shown beside the units: about as much again as a few units have."""
WHOLE_FILE = 40_000
"""Characters of a file that the second stage sees whole; of a longer one, ``AROUND`` on both sides of the units."""
AROUND = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A definition elsewhere that the code in question uses, and its document."""

    unit: Unit
    document: Document


@dataclass(slots=True, kw_only=True)
class Asker:
    """Asks about the units of one document at a time; ``outcomes`` is told of every answer, for the bill.

    ``root`` shortens paths; ``definitions`` returns what code in a document uses that stands elsewhere.
    """

    engine: "Engine"
    concerns: tuple[Concern, ...]
    root: str
    outcomes: Callable[[Outcome], None]
    profile: Profile = STANDARD
    feature: str = FEATURE
    patient: bool = False
    """Whether answers may take a day, at the price of a vendor's batch."""
    definitions: Callable[[Document, Sequence[Unit]], Sequence[Definition]] = lambda _document, _units: ()
    refused: Counter[Refused] = field(default_factory=Counter[Refused])

    async def look(
        self, document: Document, units: Sequence[Unit], others: Sequence[Unit], reported: Sequence[Diagnostic] = ()
    ) -> dict[str, list[Finding]] | None:
        """Return the confirmed findings of each unit by its key; None where either stage brought nothing readable.

        ``others`` are the document's further units; ``reported`` is what its language's own servers say.
        """
        suspects = await self._triage(document, units, others)
        if suspects is None:
            return None
        suspects = unsaid(distinct(suspects), reported)
        confirmed = await self._confirm(document, suspects) if suspects and self.profile.second else suspects
        if confirmed is None:
            return None
        found: dict[str, list[Finding]] = {unit.key: [] for unit in units}
        for suspect in distinct(confirmed):
            found[suspect.unit.key].append(suspect.finding)
        return found

    def triage_task(
        self,
        document: Document,
        units: Sequence[Unit],
        others: Sequence[Unit] = (),
        elsewhere: Sequence[Definition] = (),
    ) -> Task:
        """Return the first question about some units."""
        deep = {"file": _shown(document, units), "definitions": self._defined(elsewhere)} if self.profile.deep else {}
        material = {
            **deep,
            "aim": WATCHED if self.profile.second else ALONE,
            "concerns": self._concerns(),
            "signatures": _signatures(others),
            "parts": "\n\n".join(f"{unit.name}:\n{numbered(unit)}" if unit.name else numbered(unit) for unit in units),
        }
        return self._task(self.profile.first, document, units, material)

    async def _triage(self, document: Document, units: Sequence[Unit], others: Sequence[Unit]) -> list[Suspect] | None:
        elsewhere = await asyncio.to_thread(self.definitions, document, units) if self.profile.deep else ()
        task = self.triage_task(document, units, others, elsewhere)
        text = await self._ask(task)
        return None if text is None else _by(task, suspects_of(text, units, self.concerns, self.refused))

    async def _confirm(self, document: Document, suspects: Sequence[Suspect]) -> list[Suspect] | None:
        units = list({suspect.unit.first: suspect.unit for suspect in suspects}.values())
        elsewhere = await asyncio.to_thread(self.definitions, document, units)
        documents = {self._path(document): document}
        documents |= {self._path(definition.document): definition.document for definition in elsewhere}
        material = {
            "concerns": self._concerns(),
            "file": _shown(document, units),
            "definitions": self._defined(elsewhere),
            "suspects": "\n".join(_suspect(number, suspect) for number, suspect in enumerate(suspects, 1)),
        }
        task = self._task(self.profile.second, document, units, material)
        text = await self._ask(task)
        if text is None:
            return None
        shown = Shown(units=units, documents=documents)
        return _by(task, confirmed_of(text, suspects, shown, self.concerns, self.refused))

    async def _ask(self, task: Task) -> str | None:
        """Return the reply's text, or None where nobody answered."""
        timed = task if task.patient else replace(task, deadline=self.engine.deadline(task))
        outcome = await self.engine.run(timed)
        self.outcomes(outcome)
        return outcome.candidate.text if outcome.candidate is not None else None

    def _task(self, kind: str, document: Document, units: Sequence[Unit], material: Mapping[str, str]) -> Task:
        last = max(unit.last for unit in units)
        return Task(
            id=uuid4().hex,
            kind=kind,
            feature=self.feature,
            document=document,
            span=Span(Position(min(unit.first for unit in units), 0), Position(last, len(document.text.line(last)))),
            facts={"root": self.root} if self.root else {},
            material=material,
            patient=self.patient,
        )

    def _concerns(self) -> str:
        return "\n".join(f"- {concern}: {MEANINGS[concern]}" for concern in self.concerns)

    def _defined(self, elsewhere: Sequence[Definition]) -> str:
        return "\n\n".join(
            f"{self._path(definition.document)}:\n{numbered(definition.unit)}" for definition in elsewhere
        )

    def _path(self, document: Document) -> str:
        path = path_of(document.uri)
        inside = self.root and path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if inside else path.name


def _by(task: Task, suspects: list[Suspect] | None) -> list[Suspect] | None:
    """Return the suspects with the task that named or confirmed them."""
    if suspects is None:
        return None
    return [replace(suspect, finding=replace(suspect.finding, task=task.id)) for suspect in suspects]


def _signatures(units: Sequence[Unit]) -> str:
    """Return the first lines of named units, as many as there is room for."""
    lines: list[str] = []
    room = SIGNATURES
    for unit in units:
        head = next((line for line in unit.text.split("\n") if unit.name.rpartition(".")[2] in line), "").strip()
        room -= len(head) + 1
        if room < 0:
            break
        if unit.name and head:
            lines.append(head)
    return "\n".join(lines) or "(nothing)"


def _shown(document: Document, units: Sequence[Unit]) -> str:
    """Return the document with its line numbers, or the neighbourhood of the units where it is long."""
    first, last = 0, document.text.line_count
    if len(str(document.text)) > WHOLE_FILE:
        start, end = min(unit.first for unit in units), max(unit.last for unit in units)
        first = start - document.text.before(Position(start, 0), AROUND).count("\n")
        last = end + 1 + document.text.after(Position(end + 1, 0), AROUND).count("\n")
    lines = (line.rstrip("\r\n") for line in document.text.raw_lines(first, last))
    return "\n".join(f"{number}| {line}" for number, line in enumerate(lines, max(0, first) + 1))


def _suspect(number: int, suspect: Suspect) -> str:
    finding = suspect.finding
    line = suspect.unit.first + finding.span.start.line + 1
    return f"{number}. line {line}, {finding.concern}, {finding.severity}: {finding.title}\n   {finding.detail}"
