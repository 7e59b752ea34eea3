"""One call for all who ask the same: those under way are shared, and answers that would not change are kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from cachetools import LRUCache

from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt
from tierwise.core.prompt import Chat
from tierwise.core.reply import Finish, Reply, Usage
from tierwise.core.task import TaskKind
from tierwise.ledger.answers import Answers, digest

KEPT = frozenset({"explain", "docstring", "triage", "classify"})
"""Kinds whose answer depends on nothing but what is asked, and whose first good answer is as good as any. Answers of
other kinds are shared by those who ask at the same time, and not kept."""
REMEMBERED = 1024

Make = Callable[[], Awaitable[Attempt]]


@dataclass(slots=True)
class Shared:
    """Answers in memory and, where there is a ``store``, in a file that all editors share. ``saved`` counts dollars of
    calls that were not made, by this process.
    """

    store: Answers | None = None
    saved: float = 0.0
    hits: int = 0
    _known: LRUCache[bytes, Reply] = field(default_factory=lambda: LRUCache[bytes, Reply](REMEMBERED))
    _under_way: dict[bytes, "asyncio.Future[Attempt | None]"] = field(
        default_factory=dict[bytes, "asyncio.Future[Attempt | None]"]
    )

    async def ask(
        self, kind: TaskKind, exchange: Exchange, make: Make, deadline: float | None = None
    ) -> Attempt | Reply:
        """Return an answer that is known already, or the attempt that ``make`` makes.

        Raises ``TimeoutError`` where somebody else's call for the same goes on past the deadline (on the loop's clock).
        """
        model, question = exchange.model, _question(kind, exchange)
        if question is None:
            return await make()
        while question in self._under_way:
            async with asyncio.timeout_at(deadline):
                shared = await asyncio.shield(self._under_way[question])
            if shared is not None and shared.reply is not None:
                return self._counted(shared.reply, model)
        known = self._known.get(question)
        if known is not None:
            return self._counted(known, model)
        return await self._first(question, model, make, kept=kind.name in KEPT)

    async def keep(self, kind: TaskKind, exchange: Exchange, attempt: Attempt) -> None:
        """Write the answer down for all editors, where it is worth that: nothing was found wrong with it."""
        question = _question(kind, exchange) if kind.name in KEPT else None
        if self.store is None or question is None or attempt.reply is None or not _is_whole(attempt):
            return
        await asyncio.to_thread(self.store.put, question, attempt.reply, attempt.cost or 0.0)

    async def forget(self, kind: TaskKind, exchange: Exchange) -> None:
        """Keep the answer no longer, because it was rejected: whoever asks the same shall get another one."""
        question = _question(kind, exchange) if kind.name in KEPT else None
        if question is None:
            return
        self._known.pop(question, None)
        if self.store is not None:
            await asyncio.to_thread(self.store.remove, question)

    async def _first(self, question: bytes, model: Model, make: Make, *, kept: bool) -> Attempt | Reply:
        """Look into the store, else make the call; whoever asks the same meanwhile waits, and asks himself where it
        came to nothing.
        """
        future: asyncio.Future[Attempt | None] = asyncio.get_running_loop().create_future()
        self._under_way[question] = future
        attempt: Attempt | None = None
        try:
            stored = await self._stored(question) if kept else None
            if stored is not None:
                return self._counted(stored, model)
            made = attempt = await make()
        finally:
            del self._under_way[question]
            future.set_result(attempt)
        if kept and made.reply is not None and _is_whole(made):
            self._known[question] = made.reply
        return made

    async def _stored(self, question: bytes) -> Reply | None:
        if self.store is None:
            return None
        found = await asyncio.to_thread(self.store.get, question)
        if found is not None:
            self._known[question] = found
        return found

    def _counted(self, reply: Reply, model: Model) -> Reply:
        self.hits += 1
        self.saved += model.price.of(reply.usage) if model.price else 0.0
        return replace(reply, usage=Usage())


def _is_whole(attempt: Attempt) -> bool:
    reply = attempt.reply
    return bool(reply and not attempt.failure and reply.finish is not Finish.LENGTH and reply.text.strip())


def _question(kind: TaskKind, exchange: Exchange) -> bytes | None:
    """Return what identifies the question, or None where each asker shall have an answer of his own: where variety is
    wanted, and at the cursor, where answers are followed while they stream.
    """
    model, prompt = exchange.model, exchange.prompt
    if not isinstance(prompt, Chat) or kind.form == "insertion":
        return None
    if kind.name not in KEPT and prompt.limits.temperature != 0.0:
        return None
    turns = [part for message in prompt.messages for part in (message.role, message.text)]
    return digest(model.ref, repr(prompt.limits), repr(prompt.schema), prompt.system, prompt.stable, *turns)
