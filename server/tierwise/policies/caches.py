"""What the vendors' prompt caches hold of what was sent lately, and what that saves.

A vendor's own counts say what it holds: tokens that it wrote to its cache or read from there stay for some minutes from
then on. Two requests begin alike where kind, excerpts and, for vendors that cache without being asked, the document are
the same; what such a request was billed last is what the next one is expected to find.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from cachetools import LRUCache

from tierwise.core.model import MILLION, Model
from tierwise.core.reply import Usage
from tierwise.core.task import Task, TaskKind

REMEMBERED = 512
"""Beginnings that are remembered, over all models."""


_Beginning = tuple[str, str, tuple[int, ...]]
"""What the beginning of a request's prompt depends on: its kind, its document, the excerpts' hashes."""


@dataclass(frozen=True, slots=True)
class Held:
    """So many tokens of a prompt's beginning are in the vendor's cache ``until`` a moment on the clock."""

    tokens: int
    until: float


@dataclass(slots=True)
class Caches:
    """Every look-up is one in a dictionary. ``clock`` is monotonic, in seconds."""

    clock: Callable[[], float] = time.monotonic
    _held: LRUCache[Hashable, Held] = field(default_factory=lambda: LRUCache[Hashable, Held](REMEMBERED))

    def note(self, model: Model, task: Task, kind: TaskKind, usage: Usage) -> None:
        """Take in what a call was billed."""
        key, tokens = _key(model, _beginning(task, kind)), usage.cache_read + usage.cache_write
        if tokens:
            self._held[key] = Held(tokens, self.clock() + model.skills.cache_for)
        elif not usage.estimated:  # an estimate of our own says nothing of caches
            self._held.pop(key, None)

    def held(self, model: Model, task: Task, kind: TaskKind) -> int:
        """Return how many tokens of such a request's prompt the vendor has in its cache, as far as we know."""
        found = self._held.get(_key(model, _beginning(task, kind)))
        return found.tokens if found is not None and found.until > self.clock() else 0

    def savings(self, models: Sequence[Model], task: Task, kind: TaskKind) -> tuple[float, ...]:
        """Return for each model the dollars that its cache takes off a call; below 0 where the vendor asks more for
        writing to it, and an empty tuple where nothing is known of any.
        """
        if not self._held:
            return ()
        beginning, now = _beginning(task, kind), self.clock()
        found = tuple([self._saving(model, beginning, now) for model in models])
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

    def _saving(self, model: Model, beginning: "_Beginning", now: float) -> float:
        found, price = self._held.get(_key(model, beginning)), model.price
        if found is None or price is None:
            return 0.0
        if found.until > now:
            return found.tokens * (price.input - price.cache_read) / MILLION
        return found.tokens * (price.input - price.cache_write) / MILLION if model.skills.cache else 0.0


def _beginning(task: Task, kind: TaskKind) -> _Beginning:
    excerpts = tuple([hash(snippet.text) for snippet in task.neighbours]) if task.neighbours else ()
    return kind.name, task.document.uri if task.document else "", excerpts


def _key(model: Model, beginning: _Beginning) -> Hashable:
    """Return what the vendor's cache is asked by: where it is told what to cache, the document is not among it."""
    kind, uri, excerpts = beginning
    return model.provider, model.name, kind, "" if model.skills.cache else uri, excerpts
