"""All sources at once, under one deadline, away from the event loop."""

import asyncio
import logging
from collections.abc import Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from cachetools import LRUCache

from tierwise.core.task import Snippet, Task
from tierwise.core.text import Span

from . import Source, load
from .packing import ORDER, packed
from .scene import Excerpt, Scene
from .words import near

log = logging.getLogger(__name__)

DEADLINE = 0.1
"""Seconds: less than it takes people to notice, and about as long as the wait before an automatic request."""

_QUICK_FIRST = ("recent_edits", "scope", "diagnostics", "open_files", "imports", "symbols", "git_diff")
"""The order in which sources are asked: one thread thinks for all of them, because two would take turns at the
interpreter's lock and be half as fast each.
"""

_WAITING = frozenset(("git_diff",))
"""Sources that wait for another program, in a thread of their own."""

KEPT = 128
"""Findings kept: seven sources for the last places in a few files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found in time, the most stable first; ``late`` are the sources that were left out."""

    snippets: tuple[Snippet, ...]
    late: tuple[str, ...] = ()


class Gatherer:
    """Asks sources in threads and keeps what they found.

    While the user types on one line the same question is asked at every key: it is answered from what was found, and
    a source that was late for one key is in time for the next.
    """

    def __init__(self, names: Sequence[str] = ORDER) -> None:
        self._names = tuple(sorted(names, key=_QUICK_FIRST.index))
        self._thinking = ThreadPoolExecutor(1, "context")
        self._waiting = ThreadPoolExecutor(1, "context-waiting")
        self._found: LRUCache[tuple[str, Hashable], Future[Sequence[Excerpt]]] = LRUCache(KEPT)
        self._packed: LRUCache[Hashable, Gathered] = LRUCache(KEPT // len(ORDER))

    async def gather(self, scene: Scene, task: Task, shown: Span, budget: int, seconds: float = DEADLINE) -> Gathered:
        """Return what fits into ``budget`` characters; ``shown`` is the part of the document that the prompt holds.

        Waits ``seconds`` at most. A source that fails is logged and left out.
        """
        if task.document is None or task.span is None or budget <= 0:
            return Gathered(snippets=())
        key = _key(scene, task, shown)
        self._drop_others(key)
        asked = {name: self._ask(name, key, scene, task, shown) for name in self._names}
        waiting = [asyncio.wrap_future(future) for future in asked.values() if not future.done()]
        if waiting:
            for future in waiting:
                future.add_done_callback(_heard)
            await asyncio.wait(waiting, timeout=seconds)
        late = tuple(name for name, future in asked.items() if not future.done())
        packing = (key, shown.start.line, shown.end.line, budget, late)
        gathered = self._packed.get(packing)
        if gathered is None:
            found = [excerpt for name, future in asked.items() for excerpt in _result(name, future)]
            snippets = packed(found, scene, (task.document.uri, shown), budget)
            gathered = self._packed[packing] = Gathered(snippets=snippets, late=late)
        return gathered

    def close(self) -> None:
        """Let the threads end; what is still asked is not waited for."""
        self._thinking.shutdown(wait=False, cancel_futures=True)
        self._waiting.shutdown(wait=False, cancel_futures=True)

    def _drop_others(self, key: Hashable) -> None:
        """Take back what was asked for another place and is not begun: the user has moved on."""
        for (_, other), future in self._found.items():
            if other != key:
                future.cancel()

    def _ask(self, name: str, key: Hashable, scene: Scene, task: Task, shown: Span) -> Future[Sequence[Excerpt]]:
        future = self._found.get((name, key))
        if future is None or future.cancelled():
            threads = self._waiting if name in _WAITING else self._thinking
            future = threads.submit(_find, name, scene, task, shown)
            self._found[name, key] = future
        return future


def _result(name: str, future: Future[Sequence[Excerpt]]) -> Sequence[Excerpt]:
    if not future.done() or future.cancelled():
        return ()
    error = future.exception()
    if error is not None:
        log.warning("context source %s failed: %r", name, error)
        return ()
    return future.result()


def _find(name: str, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
    source: Source = load(name)
    return source.excerpts(scene, task, shown)


def _heard(future: "asyncio.Future[Sequence[Excerpt]]") -> None:
    """Take note of an error that came too late for anybody to ask for it."""
    if not future.cancelled():
        future.exception()


def _key(scene: Scene, task: Task, shown: Span) -> Hashable:
    """Return all that findings depend on, with versions in the place of texts.

    Of the document itself that is what stands above the cursor's line and the calls that the cursor is inside of.
    """
    assert task.document is not None
    assert task.span is not None
    uri, line = task.document.uri, task.span.start.line
    head = "".join(task.document.text.raw_lines(0, 60))
    return (
        uri,
        line,
        shown.start,
        near(task),
        hash(head) if line > 60 else 0,
        tuple((document.uri, document.version) for document in scene.open if document.uri != uri),
        scene.recent,
        tuple(item for item in scene.diagnostics if item.uri == uri),
        scene.roots,
        scene.saved,
    )
