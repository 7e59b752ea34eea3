"""A scan: asks about what a plan holds, within a budget, and keeps what is found."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.money import exactly
from tierwise.core.outcome import Outcome
from tierwise.core.task import Diagnostic

from .answers import Refused
from .asking import Asker, Definition
from .courtesy import BRIEF, Courtesy
from .dismissal import is_dismissed
from .finding import Finding
from .plan import Job, Plan, words
from .store import Store
from .survey import Read, Skipped, path_of
from .units import Unit, units_of

if TYPE_CHECKING:
    from tierwise.engine.post import Post

log = logging.getLogger(__name__)

FAILURES = 3
"""Questions in a row without a readable answer, after which a scan gives up: the next ones would fare no better."""
MOST_DEFINITIONS = 6
"""Definitions from elsewhere in a second question, and as many lines of each as a screen has."""
DEFINITION_LINES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """How much one scan may cost; None is no limit."""

    dollars: float | None = None
    tokens: int | None = None


@dataclass(slots=True, kw_only=True)
class Bill:
    """What a scan has asked and cost so far; ``unpriced`` calls are in no amount of dollars."""

    calls: int = 0
    tokens: int = 0
    dollars: float = 0.0
    unpriced: int = 0
    reason: str = ""
    """Why the last question was not answered."""

    def add(self, outcome: Outcome) -> None:
        """Take in an answer."""
        self.calls += sum(1 for attempt in outcome.attempts if attempt.usage.total)
        self.tokens += sum(attempt.usage.total for attempt in outcome.attempts)
        if outcome.cost is None:
            self.unpriced += 1
        self.dollars += sum(attempt.cost or 0.0 for attempt in outcome.attempts)
        self.reason = ""
        if outcome.candidate is None:
            self.reason = outcome.failure.message if outcome.failure else outcome.decision.reason

    def over(self, purse: Purse, share: float = 0.0) -> str:
        """Return which limit is reached, or nothing; ``share`` of what was spent is about to be spent besides."""
        if purse.dollars is not None and self.dollars * (1 + share) >= purse.dollars:
            return f"the limit of {exactly(purse.dollars)} is reached"
        if purse.tokens is not None and self.tokens * (1 + share) >= purse.tokens:
            return f"the limit of {purse.tokens} tokens is reached"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a scan did: ``left`` are URIs whose units were not all looked at, ``stopped`` why it was stopped, if so."""

    bill: Bill
    looked: int
    found: int
    left: tuple[str, ...]
    stopped: str
    refused: Mapping[Refused, int]
    skipped: Mapping[Skipped, int]


@dataclass(slots=True, kw_only=True)
class Scan:
    """Works a plan off with ``width`` questions at a time.

    ``step`` is told how many jobs are done, and the URI whose findings are now in the store; ``courtesy`` is waited for
    before each question. Cancelling the task that runs it keeps what was found so far.
    """

    plan: Plan
    store: Store
    asker: Asker
    read: Read
    purse: Purse = field(default_factory=Purse)
    width: int = 4
    step: Callable[[int, str], None] = lambda _done, _uri: None
    courtesy: Courtesy | None = None
    reported: Callable[[str], Sequence[Diagnostic]] = lambda _uri: ()
    post: "Post | None" = None
    """Sends the questions in batches, those of a stage together; ``width`` is then how many they are."""
    bill: Bill = field(default_factory=Bill)
    _waiting: list[Job] = field(default_factory=list[Job])
    _left: Counter[str] = field(default_factory=Counter[str])
    _looked: int = 0
    _found: int = 0
    _done: int = 0
    _running: int = 0
    _counted: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _unsettled: int = 0
    """Questions in a row that brought nothing readable."""
    _stopped: str = ""

    async def run(self) -> Report:
        """Ask until all is looked at, the budget is spent or nobody answers."""
        self._waiting = list(reversed(self.plan.jobs))
        self.asker.outcomes = self.bill.add
        self.asker.definitions = self._definitions
        width = min(self.width, len(self._waiting))
        if self.post is not None:
            self.post.join(width)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(width):
                    group.create_task(self._work())
        finally:
            self.store.take(self.asker.root, self._new())
        if self.post is not None:
            await self.asker.engine.tidy(self.asker.root)
        self._left.update(job.uri for job in self._waiting)
        left = tuple(sorted(+self._left))
        if self._waiting and not self._stopped:
            self._stopped = "what is estimated is more than the limit of this run"
        return Report(
            bill=self.bill,
            looked=self._looked,
            found=self._found,
            left=left,
            stopped=self._stopped if left else "",
            refused=dict(self.asker.refused),
            skipped=self.plan.skipped,
        )

    async def _work(self) -> None:
        try:
            await self._work_off()
        finally:
            if self.post is not None:
                self.post.leave()

    async def _work_off(self) -> None:
        while self._waiting and not self._is_over():
            job = self._waiting.pop()
            self._running += 1
            settled = await self._look(job)
            self._unsettled = 0 if settled else self._unsettled + 1
            self._left[job.uri] += not settled
            self._running -= 1
            self._done += 1
            self.step(self._done, job.uri)

    @asynccontextmanager
    async def _quiet(self, longest: float | None = None) -> AsyncGenerator[None]:
        """Let others go first, then work as the only one of this scan: several at once would be in everybody's way."""
        async with self._turn:
            if self.courtesy is not None:
                await self.courtesy.wait(longest)
            yield

    def _new(self) -> int:
        """Return the tokens that were taken since this was last asked."""
        new, self._counted = self.bill.tokens - self._counted, self.bill.tokens
        return new

    def _is_over(self) -> bool:
        """Say whether to stop; what is being asked is taken to cost as much as what was asked so far, each."""
        self._stopped = self._stopped or self.bill.over(self.purse, self._running / max(1, self._done))
        if not self._stopped and self._unsettled >= FAILURES:
            why = self.bill.reason
            self._stopped = f"nobody answers: {why}" if why else "the model's answers cannot be read"
        return bool(self._stopped)

    async def _look(self, job: Job) -> bool:
        """Ask about one job and keep what is found; return whether it is settled."""
        async with self._quiet():
            document = await asyncio.to_thread(self.read, job.uri)
            if document is None:
                return True  # the file is gone, and its findings with it
            everything = await asyncio.to_thread(units_of, document)
        units = [unit for unit in everything if unit.key in job.keys]
        if not units:
            return True  # changed meanwhile: the next plan has what it is now
        others = [unit for unit in everything if unit.key not in job.keys]
        found = await self.asker.look(document, units, others, self.reported(job.uri))
        if found is None:
            return False
        async with self._quiet(BRIEF):
            await asyncio.to_thread(self._keep, found, document, units, self._new())
        self._looked += len(units)
        self._found += sum(map(len, found.values()))
        return True

    def _keep(
        self, found: Mapping[str, Sequence[Finding]], document: Document, units: Sequence[Unit], tokens: int
    ) -> None:
        """Write down what was found, what of it a comment dismisses, and the tokens it took."""
        self.store.take(self.asker.root, tokens)
        self.store.keep(found, self.asker.concerns, self.asker.profile.mark)
        for unit in units:
            for finding in found[unit.key]:
                if is_dismissed(unit.first + finding.span.start.line, finding.concern, document):
                    self.store.comment(finding.ident, finding.concern)

    def _definitions(self, document: Document, units: Sequence[Unit]) -> list[Definition]:
        """Return what the units use that other files define, as far as exactly one does."""
        used = dict.fromkeys(word for unit in units for word in words(unit.text))
        gate = self.asker.engine.reader(Path(self.asker.root) if self.asker.root else None)
        found: list[Definition] = []
        for name in used:
            places = [place for place in self.plan.places.get(name, ()) if place[0] != document.uri]
            if len(places) != 1 or len(found) == MOST_DEFINITIONS:
                continue
            uri, key = places[0]
            other = self.read(uri) if gate.admits(path_of(uri)) else None
            unit = next((each for each in units_of(other) if each.key == key), None) if other else None
            if other is not None and unit is not None and unit.last - unit.first < DEFINITION_LINES:
                found.append(Definition(unit=unit, document=other))
        return found
