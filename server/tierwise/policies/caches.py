"""What the vendors' prompt caches hold of what was sent lately, and what that saves.

A vendor's own counts say what it holds: tokens that it wrote to its cache or read from there stay for some minutes from
then on. Two requests begin alike where kind, excerpts and, for vendors that cache without being asked, the document are
the same; what such a request was billed last is what the next one is expected to find. What the ledger knows of bills
that an earlier process, or another editor's, was sent is recalled at the start.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tierwise.core.beginning import beginning
from tierwise.core.model import MILLION, Model
from tierwise.core.reply import Usage
from tierwise.core.task import Task, TaskKind

REMEMBERED = 512
"""Beginnings that are remembered, over all models: the last that were sent."""


_Key = tuple[str, str, str]
"""A provider, its model, and a prompt's beginning."""


@dataclass(frozen=True, slots=True)
class Held:
    """So many tokens of a prompt's beginning are in the vendor's cache ``until`` a moment on the clock."""

    tokens: int
    until: float


@dataclass(slots=True)
class Caches:
    """Every look-up is one in a dictionary. ``clock`` is monotonic, in seconds."""

    clock: Callable[[], float] = time.monotonic
    _held: dict[_Key, Held] = field(default_factory=dict[_Key, Held])

    @property
    def empty(self) -> bool:
        """Whether nothing is known of any vendor's cache."""
        return not self._held

    def note(self, model: Model, task: Task, kind: TaskKind, usage: Usage) -> None:
        """Take in what a call was billed."""
        if not usage.estimated:  # an estimate of our own says nothing of caches
            self.recall(model, beginning(kind.name, task, model), usage.cache_read + usage.cache_write)

    def recall(self, model: Model, begun: str, tokens: int, ago: float = 0.0) -> None:
        """Take in that a call whose prompt had this beginning found or wrote so many tokens, so many seconds ago."""
        key = model.provider, model.name, begun
        self._held.pop(key, None)
        if tokens:
            self._held[key] = Held(tokens, self.clock() - ago + model.skills.cache_for)
        if len(self._held) > REMEMBERED:
            del self._held[next(iter(self._held))]

    def held(self, model: Model, task: Task, kind: TaskKind) -> int:
        """Return how many tokens of such a request's prompt the vendor has in its cache, as far as we know."""
        if not self._held:
            return 0
        found = self._held.get((model.provider, model.name, beginning(kind.name, task, model)))
        return found.tokens if found is not None and found.until > self.clock() else 0

    def savings(self, models: Sequence[Model], task: Task, kind: TaskKind) -> tuple[float, ...]:
        """Return for each model the dollars that its cache takes off a call; below 0 where the vendor asks more for
        writing to it, and an empty tuple where nothing is known of any.
        """
        if not self._held:
            return ()
        now = self.clock()
        found = tuple([self._saving(model, beginning(kind.name, task, model), now) for model in models])
        return found if any(found) else ()

    def expected(self, model: Model, task: Task, kind: TaskKind, usage: Usage, stable: int) -> Usage:
        """Return the usage as it is expected with the cache: ``usage`` has the whole prompt as input, of which the
        vendor is asked to cache the first ``stable`` tokens.
        """
        held = min(self.held(model, task, kind), usage.input)
        marked = model.skills.cache and stable >= model.skills.cache_from
        written = min(stable, usage.input) if marked and not held else 0
        fresh = usage.input - held - written
        return Usage(input=fresh, output=usage.output, cache_read=held, cache_write=written)

    def _saving(self, model: Model, begun: str, now: float) -> float:
        found, price = self._held.get((model.provider, model.name, begun)), model.price
        if found is None or price is None:
            return 0.0
        if found.until > now:
            return found.tokens * (price.input - price.cache_read) / MILLION
        return found.tokens * (price.input - price.cache_write) / MILLION if model.skills.cache else 0.0
