"""A request on its way: followed while it streams, so that it can go on while the user types what it is saying."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.exchange import Exchange
from tierwise.core.model import IN_PROCESS, Model
from tierwise.core.outcome import Outcome
from tierwise.core.task import Task
from tierwise.core.text import Position, Span
from tierwise.engine import Companion, Engine, Observer

from .answer import Answer

_OPENING = re.compile(r"\s*(?:```|~~~)[^\n]*\n?")
"""A fence at the start of a reply, as far as it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked: of which engine, on what grounds (``made_by``), and as which of several candidates."""

    engine: Engine
    task: Task
    made_by: object
    rank: int = 0

    @property
    def document(self) -> Document:
        """The document as it was."""
        assert self.task.document is not None
        return self.task.document

    @property
    def place(self) -> Position:
        """Where the answer goes."""
        assert self.task.span is not None
        return self.task.span.start


class Tower(Protocol):
    """Hears of every flight."""

    def heard(self, flight: "Flight") -> None:
        """More of its answer has come."""
        ...

    def landed(self, flight: "Flight") -> None:
        """It has brought an outcome."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class Flight(Companion):
    """One run of the engine. ``hold_back`` is awaited before each model is asked, ``observer`` is told what comes of
    it, also where it is cancelled; ``riders`` count those who wait.

    ``since`` is the editor's document when it took off. Where that is not yet the one which is asked about, because
    the user is about to accept something first, ``approach`` is what leads there. ``invoked`` says that he asked for it
    by hand.
    """

    plan: Plan
    since: Document
    tower: Tower
    hold_back: Callable[[Model], Awaitable[None]]
    observer: Observer
    approach: Answer | None = None
    invoked: bool = False
    riders: int = 0
    asked: bool = False
    text: str = ""
    outcome: Outcome | None = None
    _task: asyncio.Task[None] | None = field(default=None)
    _prepare: Callable[[Task], Awaitable[Task]] | None = field(default=None)

    def take_off(self, prepare: Callable[[Task], Awaitable[Task]]) -> None:
        """Begin; ``prepare`` may take its time to complete the task for a model that does not know the workspace."""
        self._prepare = prepare
        self._task = asyncio.create_task(self._fly())

    @property
    def over(self) -> bool:
        """Whether it has ended, well or not."""
        return self._task is not None and self._task.done()

    async def ride(self) -> None:
        """Wait for its end; whoever gives up waiting does not end it. Raises what went wrong."""
        assert self._task is not None
        await asyncio.wait((self._task,))
        if not self._task.cancelled():
            self._task.result()

    def cancel(self) -> None:
        """End it: its connection is closed and what it has cost is booked."""
        if self._task is not None:
            self._task.cancel()

    async def complete(self, task: Task, model: Model) -> Task:
        """See ``Companion.complete``: once for all models that are not in this process."""
        if model.provider == IN_PROCESS or self._prepare is None:
            return task
        prepare, self._prepare = self._prepare, None
        return await prepare(task)

    async def hold(self, model: Model) -> None:
        """See ``Companion.hold``."""
        await self.hold_back(model)
        self.asked = True
        self.text = ""

    def hear(self, exchange: Exchange) -> None:
        """See ``Companion.hear``."""
        self.text = exchange.text
        self.tower.heard(self)

    def may_serve(self, document: Document, place: Position) -> bool:
        """Whether the user is where its answer belongs, or on the way there."""
        if self.serves(document, place):
            return True
        return self.approach is not None and self.approach.rest(document, place) is not None

    def serves(self, document: Document, place: Position) -> bool:
        """Whether its answer, as far as it is known, will belong to the place.

        Before a model was asked it costs nothing to begin anew, so only the very place it was begun for counts.
        """
        plan = self.plan
        if place == plan.place and document.text == plan.document.text:
            return True
        if not self.asked or place < plan.place:
            return False
        typed = document.text.slice(Span(plan.place, place))
        if not typed or not agrees(self.text, typed, plan.document.text.line(plan.place.line)[: plan.place.column]):
            return False
        # What is known of the answer agrees; of the document, all but the typed text must be as it was.
        put = _put(plan.document, plan.place, document)
        guess = TextEdit(uri=document.uri, version=None, span=Span(plan.place, plan.place), new_text=put or typed)
        return Answer.of(plan.document, guess, task_id="", model="").rest(document, place) is not None

    async def _fly(self) -> None:
        self.outcome = await self.plan.engine.run(self.plan.task, self.observer, self)
        self.tower.landed(self)


def _put(old: Document, place: Position, new: Document) -> str:
    """Return what was put into a document at the place, with what the editor has closed behind the cursor."""
    line = new.text.line_count - (old.text.line_count - place.line)
    if line < place.line:
        return ""
    tail = len(old.text.line(place.line)) - place.column
    end = Position(line, max(0, len(new.text.line(line)) - tail))
    return new.text.slice(Span(place, end)) if end > place else ""


def agrees(said: str, typed: str, before: str) -> bool:
    """Whether a reply that has begun with ``said`` may go on to say what was typed.

    ``before`` is the line's text before the cursor, which models like to repeat, as they like to open a fence and to
    begin with white space; trims will cut all that.
    """
    opening = _OPENING.match(said)
    said = said[opening.end() :] if opening else said
    for echo in (before, before.lstrip()):
        if echo and echo.startswith(said):
            return True
        if echo.strip() and said.startswith(echo):
            said = said[len(echo) :]
            break
    typed = typed.replace("\r\n", "\n")
    return any(
        heard.startswith(written) or written.startswith(heard)
        for heard, written in ((said, typed), (said.lstrip(), typed.lstrip()))
    )


def answer_of(outcome: Outcome, plan: Plan) -> Answer | None:
    """Return what came of it: an answer without text where a model had nothing to say, None where none was reached."""
    given, candidate = outcome.answer, outcome.candidate
    edits = [edit for edit in candidate.edits if isinstance(edit, TextEdit)] if candidate else []
    if given and len(edits) == 1:
        made = (edits[0], outcome.task.id, given.model.ref)
    elif outcome.attempts and outcome.attempts[-1].reply is not None:
        nothing = TextEdit(uri=plan.document.uri, version=None, span=Span(plan.place, plan.place), new_text="")
        made = (nothing, outcome.task.id, outcome.attempts[-1].model.ref)
    else:
        return None
    edit, task_id, model = made
    return Answer.of(plan.document, edit, task_id=task_id, model=model, made_by=plan.made_by, rank=plan.rank)
