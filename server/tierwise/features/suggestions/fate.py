"""What becomes of a suggestion: told by the editor where it tells, else inferred from the document's next versions."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cachetools import LRUCache

from tierwise.core.document import Document
from tierwise.core.outcome import Feedback, Signal
from tierwise.core.text import Position
from tierwise.workspace.documents import Change, Documents

from .answer import Answer, Rest
from .clock import Clock
from .keys import pressed
from .retention import Retention
from .rhythm import key_of

SEEN = 0.25
"""Seconds that ghost text must have stood to have been seen: about the time it takes to react to what appears."""
REMEMBERED = 256
"""Suggestions of which is known what was said already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What was answered for a cursor; ``ghost`` says that the editor shows the first one without being asked."""

    document: Document
    cursor: Position
    rests: tuple[Rest, ...]
    ghost: bool = True


@dataclass(slots=True, kw_only=True)
class _Standing:
    """An offer that nothing has spoken against so far; ``typed`` is how much of its first answer was typed by hand."""

    offer: Offer
    since: float


class Fates:
    """Notes each suggestion's signals, each once.

    ``PARTIAL`` carries the share that stands in the document, 1.0 where the user typed all of it himself; ``REJECTED``
    the share that was typed before he went another way.
    """

    def __init__(self, note: Callable[[Feedback], None], clock: Clock) -> None:
        self._note = note
        self._clock = clock
        self.retention = Retention(note, clock)
        self._standing: dict[str, _Standing] = {}
        self._answers: LRUCache[str, Answer] = LRUCache(REMEMBERED)
        self._said: LRUCache[tuple[str, Signal], float] = LRUCache(len(Signal) * REMEMBERED)
        self._told = False
        """Whether this editor tells what it shows: then nothing is inferred about that."""

    def offered(self, offer: Offer) -> None:
        """Take note that suggestions are about to be shown."""
        for rest in offer.rests:
            self._answers[rest.answer.task_id] = rest.answer
        old = self._standing.get(offer.document.uri)
        same = old is not None and old.offer.rests[0].answer.task_id == offer.rests[0].answer.task_id
        since = old.since if old is not None and same else self._clock.now()
        self._standing[offer.document.uri] = _Standing(offer=offer, since=since)

    def shown(self, task_id: str) -> None:
        """The editor says that it shows a suggestion."""
        self._told = True
        self._say(task_id, Signal.SHOWN, 1.0)

    def accepted(self, task_id: str, documents: Documents) -> None:
        """The editor says that a suggestion was taken."""
        answer = self._answers.get(task_id)
        document = documents.get(answer.uri) if answer is not None else None
        self._accept(task_id, answer, document)

    def rejected(self, task_id: str) -> None:
        """The editor says that the user took a suggestion away."""
        answer = self._answers.get(task_id)
        if answer is None:
            return
        self._say(task_id, Signal.SHOWN, 1.0)
        self._say(task_id, Signal.REJECTED, self._said.get((task_id, Signal.PARTIAL), 0.0))
        standing = self._standing.get(answer.uri)
        if standing is not None and standing.offer.rests[0].answer.task_id == task_id:
            del self._standing[answer.uri]

    def partly_accepted(self, task_id: str, taken: str, item: str) -> None:
        """The editor says that so much of an item's text was taken; the item is an answer's end, or all of it."""
        answer = self._answers.get(task_id)
        if answer is not None and answer.text:
            typed = max(0, len(answer.text) - len(item)) + len(taken)
            self._say(task_id, Signal.SHOWN, 1.0)
            self._say(task_id, Signal.PARTIAL, min(1.0, typed / len(answer.text)))

    def changed(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        """Judge what stands by a change of its document."""
        document = new or old
        assert document is not None
        standing = self._standing.get(document.uri)
        self.retention.changed(old, new, change)
        if standing is None:
            return
        if old is None or new is None or change is None:
            del self._standing[document.uri]
            return
        self._see(standing)
        place = pressed(old, change)[1]
        for rest in standing.offer.rests:
            left = rest.answer.rest(new, place)
            if left is not None:
                self._follow(standing, rest, left, new, place, change)
                return
        del self._standing[document.uri]
        first = standing.offer.rests[0]
        if standing.offer.ghost and self._was(first, Signal.SHOWN) and not self._was(first, Signal.PARTIAL):
            self._say(first.answer.task_id, Signal.REJECTED, first.typed / len(first.answer.text))

    def _follow(
        self, standing: _Standing, rest: Rest, left: Rest, new: Document, place: Position, change: Change
    ) -> None:
        """Go on with a suggestion that the document has come closer to."""
        answer, task_id = rest.answer, rest.answer.task_id
        at_once = key_of(change.new_text, "") is None or len(change.new_text.strip()) > len("()")
        ended = not left.text.strip()
        if at_once and ended:
            # What was typed by hand before is the user's; the rest of it was taken.
            self._accept(task_id, answer, new)
        elif at_once or ended:
            self._say(task_id, Signal.SHOWN, 1.0)
            self._say(task_id, Signal.PARTIAL, 1.0 if ended else left.typed / len(answer.text))
        if ended:
            self._standing.pop(new.uri, None)
        else:
            standing.offer = replace(standing.offer, document=new, cursor=place, rests=(left,))

    def _accept(self, task_id: str, answer: Answer | None, document: Document | None) -> None:
        self._say(task_id, Signal.SHOWN, 1.0)
        if self._say(task_id, Signal.ACCEPTED, 1.0) and answer is not None:
            self._standing.pop(answer.uri, None)
            if document is not None:
                self.retention.keep(answer, document)

    def _see(self, standing: _Standing) -> None:
        if standing.offer.ghost and not self._told and self._clock.now() - standing.since >= SEEN:
            self._say(standing.offer.rests[0].answer.task_id, Signal.SHOWN, 1.0)

    def _was(self, rest: Rest, signal: Signal) -> bool:
        return (rest.answer.task_id, signal) in self._said

    def _say(self, task_id: str, signal: Signal, value: float) -> bool:
        """Note a signal unless it was noted with this value or a higher one; nothing is rejected after it was taken."""
        if (task_id, Signal.ACCEPTED) in self._said or (self._said.get((task_id, signal), -1.0) >= value):
            return False
        self._said[task_id, signal] = value
        self._note(Feedback(task_id=task_id, signal=signal, value=value, at=self._clock.date()))
        return True
