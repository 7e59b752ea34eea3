"""Suggestions at the cursor: from memory, from what is on its way, else from a model, after a wait that pays."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.model import IN_PROCESS, Model
from tierwise.core.outcome import Feedback
from tierwise.core.task import Fact, Task
from tierwise.core.text import Position, Span
from tierwise.features import request
from tierwise.features.house import House
from tierwise.workspace.cursor import look
from tierwise.workspace.documents import Change, Documents

from .answer import Answer, Rest
from .clock import Clock
from .experience import Experience
from .flight import Flight, Plan, answer_of
from .free import is_free
from .gate import closed
from .keys import pressed
from .memory import Memory
from .patience import Patience, worth
from .rhythm import Rhythm
from .surroundings import may_leave
from .tally import Tally
from .traffic import Traffic

if TYPE_CHECKING:
    from tierwise.engine import Engine
    from tierwise.settings.suggestions import SuggestionSettings

SAME_KEY = 0.005
"""Seconds within which several changes are one key's: many cursors, or a bracket and its partner."""
VARIETY = (None, 0.7, 1.0)
"""Temperatures of the first candidate (its kind's own), the second, and all further ones."""


Prepare = Callable[[Task], Awaitable[Task]]
"""Completes a task with what stands beside the cursor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of an editor as it stood when it came.

    ``document`` and ``place`` are what is asked about; ``held`` and ``cursor`` are the editor's own, which differ where
    ``approach``, an item of the editor's list or an earlier suggestion, is to be accepted first. ``facts`` is what the
    editor told beside.
    """

    feature: str
    document: Document
    place: Position
    held: Document
    cursor: Position
    invoked: bool = False
    root: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    approach: Answer | None = None


class Suggester:
    """Serves every feature that suggests; one per server."""

    def __init__(self, house: House, clock: Clock, prepare: Prepare) -> None:
        self.clock = clock
        self.tally = Tally()
        self.memory = Memory()
        self._house = house
        self._prepare = prepare
        self._patience = Patience(Rhythm())
        self._experience = Experience()
        self._traffic = Traffic(self.clock, self._landed)
        self._engine: Engine | None = None
        self._engines = 0
        self._changes: Counter[str] = Counter()
        self._all_changes = 0
        house.pause.listen(self._traffic.rest)

    def note(self, feedback: Feedback) -> None:
        """Learn from what became of a suggestion, and hand it on."""
        self._experience.judge(feedback)
        if self._engine is not None:
            self._engine.note(feedback)

    async def suggest(self, documents: Documents, ask: Ask) -> list[Rest]:
        """Return what may be shown, the best first; nothing where the document has moved on meanwhile, and nothing that
        was not asked for by hand while that rests.
        """
        if self._rests(ask):
            return []
        engine, settings = await self._house.engine(), await self._house.settings()
        wishes = settings.suggestions
        self._patience.most = wishes.calls_per_burst
        self.tally.requests += 1
        made_by = self._grounds(engine, ask.document.uri)
        found = self.memory.find(ask.document, ask.place, made_by)
        if found and (len(found) >= wishes.candidates or not ask.invoked):
            self.tally.remembered += 1
            self._look_ahead(engine, wishes, ask, found[0])
            return found[: wishes.candidates]
        plan = self._plan(engine, wishes, ask, made_by)
        if plan is None:
            self.tally.silent += 1
            return []
        await self._ask(documents, ask, plan, wishes.candidates - len(found) if ask.invoked else 1)
        if documents.get(ask.held.uri) is not ask.held or self._rests(ask):
            return []
        found = self.memory.find(ask.document, ask.place, made_by)[: wishes.candidates]
        if found:
            self._look_ahead(engine, wishes, ask, found[0])
        return found

    def _plan(self, engine: "Engine", wishes: "SuggestionSettings", ask: Ask, made_by: object) -> Plan | None:
        """Return what to ask, or None where nothing shall be asked."""
        task = Task(
            id=request.new_id(),
            kind="autocomplete",
            feature=ask.feature,
            document=ask.document,
            span=Span(ask.place, ask.place),
            facts={"root": ask.root, **ask.facts},
        )
        if not (may_leave(ask.document.uri) and request.enabled(engine, task)):
            return None
        if not ask.invoked and self.memory.is_empty_at(ask.document, ask.place, made_by):
            return None
        cursor = look(ask.document, ask.place)
        if not ask.invoked and closed(cursor, wishes):
            return None
        task = replace(task, facts={**task.facts, **cursor.facts})
        return Plan(engine=engine, task=task, made_by=made_by)

    async def _ask(self, documents: Documents, ask: Ask, plan: Plan, wanted: int) -> None:
        """See to it that as many candidates are in memory as are wanted, or as can be had."""
        flights = self._traffic.serving(ask.document, ask.place)
        joined = [flight for flight in flights if flight.asked or not ask.invoked][:wanted]
        self._traffic.clear(ask.held, ask.cursor)
        own = [self._start(plan, ask, rank, self._hold_back(ask)) for rank in range(len(joined), wanted)]
        self.tally.joined += bool(joined)
        await self._ride([*joined, *own], documents)
        if not joined or documents.get(ask.held.uri) is not ask.held or self._rests(ask):
            return
        if not self.memory.find(ask.document, ask.place, plan.made_by):
            # What was on its way has said something else in the end; the time to wait has long passed.
            await self._ride([self._start(plan, ask, 0, self._count)], documents)

    def _rests(self, ask: Ask) -> bool:
        return self._house.pause.on and not ask.invoked

    def _start(self, plan: Plan, ask: Ask, rank: int, hold_back: Callable[[Model], Awaitable[None]]) -> Flight:
        task = replace(
            plan.task,
            id=request.new_id(),
            temperature=VARIETY[min(rank, len(VARIETY) - 1)],
            deadline=plan.engine.deadline(plan.task),
        )
        flight = Flight(
            plan=replace(plan, task=task, rank=rank),
            since=ask.held,
            tower=self._traffic,
            hold_back=hold_back,
            observer=self._experience,
            approach=ask.approach,
            invoked=ask.invoked,
        )
        self._traffic.start(flight, self._prepare)
        self.tally.asked += 1
        return flight

    async def _ride(self, flights: list[Flight], documents: Documents) -> None:
        for flight in flights:
            flight.riders += 1
        try:
            for flight in flights:
                await flight.ride()
        finally:
            for flight in flights:
                flight.riders -= 1
                self._traffic.left(flight, documents.get(flight.since.uri))

    def _hold_back(self, ask: Ask) -> Callable[[Model], Awaitable[None]]:
        return self._count if ask.invoked else self._wait

    async def _wait(self, model: Model) -> None:
        """Wait as long after the last key as pays."""
        if model.provider == IN_PROCESS:
            return
        seen, rhythm = self._experience.of(model), self._patience.rhythm
        price = worth(seen.wasted, seen.latency, self._experience.taken)
        left = self._patience.wait(price) - (self.clock.now() - rhythm.at)
        if left > 0:
            await self.clock.sleep(left)
        await self._count(model)

    async def _count(self, model: Model) -> None:
        if model.provider != IN_PROCESS:
            self._patience.called()

    def _look_ahead(self, engine: "Engine", wishes: "SuggestionSettings", ask: Ask, shown: Rest) -> None:
        """Ask for what comes after the suggestion that is about to be shown, where the settings allow its cost."""
        if wishes.ahead == "never" or ask.invoked:
            return
        answer = shown.answer
        text = ask.document.text.replace(shown.span, shown.text)
        document = replace(ask.document, text=text)
        place = ask.place.behind(shown.text)
        if self._traffic.serving(document, place) or self.memory.find(document, place, answer.made_by):
            return
        later = replace(ask, document=document, place=place, approach=answer)
        plan = self._plan(engine, wishes, later, answer.made_by)
        if plan is None or not (wishes.ahead == "always" or is_free(engine, plan.task)):
            return
        task = replace(plan.task, facts={**plan.task.facts, "ahead": True})
        self._start(replace(plan, task=task), later, 0, _at_once)

    def _landed(self, flight: Flight) -> None:
        assert flight.outcome is not None
        answer = answer_of(flight.outcome, flight.plan)
        if answer is not None:
            self.memory.keep(answer)

    def _grounds(self, engine: "Engine", uri: str) -> tuple[int, int]:
        """Return what stands for all that an answer depends on beside its own document: settings, other documents."""
        if engine is not self._engine:
            self._engine, self._engines = engine, self._engines + 1
        return self._engines, self._all_changes - self._changes[uri]

    def changed(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        """Learn from a change of an open document, and end what it has made useless."""
        document = new or old
        assert document is not None
        self._changes[document.uri] += 1
        self._all_changes += 1
        if old is not None and new is not None and change is not None:
            key, place = pressed(old, change)
            now = self.clock.now()
            if now - self._patience.rhythm.at > SAME_KEY:
                self._patience.press(key, now)
            self._traffic.changed(new, place)
        elif new is None:
            self._traffic.closed(document.uri)
            self.memory.forget(document.uri)


async def _at_once(_model: Model) -> None:
    return
