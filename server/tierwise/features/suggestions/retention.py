"""Whether an accepted text is still there: after half a minute, two and ten minutes, and at the next commit."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.outcome import Feedback, Signal
from tierwise.core.text import Position, Span, Text
from tierwise.core.uri import path_in
from tierwise.engine.seldom import Seldom
from tierwise.workspace.documents import Change

from .answer import Answer
from .clock import Clock
from .commits import head_of

MARKS = (30.0, 120.0, 600.0)
"""Seconds after which it is looked at: what is undone at once, what does not survive the work it was for, and what is
likely to stay."""
LOOKS = 20.0
"""Seconds between two looks for a commit. Nobody looks while nothing happens: the next thing that does comes soon
enough.
"""
MOST = 200
"""Accepted texts that are watched; also the words of one that are compared, which bounds the time it takes to a
millisecond or two."""

_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(slots=True, kw_only=True, eq=False)
class _Kept:
    """An accepted text and where it has come to; ``text`` is its document as it is now, or was when it was closed."""

    task_id: str
    uri: str
    original: str
    span: Span
    text: Text
    marks: int = len(MARKS)
    """How many of them are still to come."""
    waits: bool = True
    """Whether it waits for a commit."""
    head: str | None = None

    def share(self) -> float:
        return share_kept(self.original, self.text.slice(self.span))


@dataclass(slots=True)
class Retention:
    """Follows accepted texts through all later changes and notes which share of each is left."""

    note: Callable[[Feedback], None]
    clock: Clock
    _kept: list[_Kept] = field(default_factory=list[_Kept])
    _looks: Seldom = field(init=False)

    def __post_init__(self) -> None:
        self._looks = Seldom(self._look_for_commits, self.clock.lasts(LOOKS))

    def keep(self, answer: Answer, document: Document) -> None:
        """Watch a text that the document holds now."""
        span = Span(answer.start, answer.start.behind(answer.text))
        kept = _Kept(task_id=answer.task_id, uri=answer.uri, original=answer.text, span=span, text=document.text)
        self._kept.append(kept)
        del self._kept[:-MOST]
        for mark in MARKS:
            self.clock.later(mark, lambda: self._mark(kept))
        self.stirred()

    def changed(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        """Move what a change has moved; what is closed stays as it was."""
        if new is None:
            return
        self.stirred()
        for kept in self._kept:
            if kept.uri == new.uri:
                if change is not None:
                    whole = Span(Position(0, 0), old.text.end if old else new.text.end)
                    kept.span = moved(kept.span, change.span or whole, change.new_text)
                kept.text = new.text

    def stirred(self) -> None:
        """Take note that somebody is at work: there may be a commit."""
        if any(kept.waits for kept in self._kept):
            self._looks.stir()

    def _mark(self, kept: _Kept) -> None:
        kept.marks -= 1
        self._look(kept)

    def _look(self, kept: _Kept) -> None:
        self.note(Feedback(task_id=kept.task_id, signal=Signal.RETAINED, value=kept.share(), at=self.clock.date()))
        self._kept = [one for one in self._kept if one.marks or one.waits]

    async def _look_for_commits(self) -> None:
        """Look at the heads of the repositories for all that still waits for a commit."""
        for kept in [kept for kept in self._kept if kept.waits]:
            head = await asyncio.to_thread(head_of, Path(path_in(kept.uri)))
            if head is None:
                kept.waits = False
            elif kept.head is None:
                kept.head = head
            elif head != kept.head:
                kept.waits = False
                self._look(kept)


def moved(span: Span, changed: Span, inserted: str) -> Span:
    """Return where a span is after a change; what was changed at its edge from within becomes part of it."""
    if changed.start >= span.end:
        return span
    end = changed.start.behind(inserted)
    if changed.end <= span.start:
        return Span(_shifted(span.start, changed.end, end), _shifted(span.end, changed.end, end))
    start = min(span.start, changed.start)
    return Span(start, _shifted(span.end, changed.end, end) if changed.end < span.end else end)


def share_kept(original: str, now: str) -> float:
    """Return how much of a text is left, in [0, 1]: the share of its words and signs that still stand in order."""
    if original.strip() in now:
        return 1.0
    from difflib import SequenceMatcher

    words, left = _WORD.findall(original)[:MOST], _WORD.findall(now)[: 2 * MOST]
    if not words:
        return 0.0
    blocks = SequenceMatcher(None, words, left, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(words)


def _shifted(place: Position, old: Position, new: Position) -> Position:
    """Return where a place behind ``old`` is when ``old`` has moved to ``new``."""
    column = place.column - old.column + new.column if place.line == old.line else place.column
    return Position(place.line - old.line + new.line, column)
