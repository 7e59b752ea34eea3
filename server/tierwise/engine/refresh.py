"""A vendor's prompt cache kept warm over a pause, where that is cheaper than to have it written anew.

A vendor that caches what it is asked to forgets it some minutes after its last use. One small call shortly before costs
a cached read of the prompt's beginning and keeps it for as long again; if the user comes back within that time, the
dear write is saved. Whether he does is learned from his own pauses; it is done once after a request, and not while he
is away.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass, field, replace

from tierwise.core.decision import Decision, Role
from tierwise.core.exchange import Exchange
from tierwise.core.model import MILLION, Model, Price
from tierwise.core.money import dollars
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.prompt import Chat, Limits, Message
from tierwise.core.reply import Failure, FailureKind, ProviderError
from tierwise.core.task import Task, TaskKind

from .gate import Gate
from .pool import Pool

AHEAD = 20.0
"""Seconds before the vendor forgets: enough for a slow connection."""
AWAY = 150.0
"""Seconds without any request after which the user is taken to be away."""
LEAST = 0.001
"""Dollars that a refresh must be expected to save; smaller ones are not worth a request."""
SENT, ANSWERED = 20, 1
"""Tokens of a refresh beside the prompt's beginning."""
TURNED_UP, PAUSES = 0.5, 20.0
"""What is believed before any pause was seen: one in forty ends in time, too few for any vendor's prices."""
LONGEST = 15.0
"""Seconds that a refresh may take."""
AT_ONCE = 4
"""Beginnings that are kept warm at the same time."""


def gain(price: Price, tokens: int, chance: float) -> float:
    """Return the dollars that a refresh of so many tokens is expected to save, where the user comes back with this
    chance while it lasts: ``chance * (write - read) - read``, less what the small call itself costs.
    """
    rate = price.at(tokens)
    saved = chance * tokens * (rate.cache_write - rate.cache_read)
    return (saved - tokens * rate.cache_read - SENT * rate.input - ANSWERED * rate.output) / MILLION


@dataclass(slots=True)
class Rhythm:
    """Of the pauses in which a vendor forgot, how many ended within the time that one refresh would have bridged."""

    turned_up: float = TURNED_UP
    pauses: float = PAUSES
    _last: OrderedDict[Hashable, float] = field(default_factory=OrderedDict[Hashable, float])

    @property
    def chance(self) -> float:
        """The chance that the next such pause ends in time."""
        return self.turned_up / self.pauses

    def use(self, key: Hashable, now: float, lasts: float) -> None:
        """Take note that a beginning was sent; the vendor forgets it after ``lasts`` seconds."""
        before = self._last.pop(key, None)
        if before is not None and now - before > lasts:
            self.pauses += 1
            self.turned_up += now - before <= 2 * lasts - AHEAD
        self._last[key] = now
        while now - next(iter(self._last.values())) > 2 * lasts:
            self._last.popitem(last=False)
            self.pauses += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A call whose beginning the vendor has cached."""

    task: Task
    kind: TaskKind
    tier: str
    model: Model
    prompt: Chat
    tokens: int


@dataclass(slots=True, kw_only=True)
class Refresher:
    """``book`` records what a refresh has cost, ``start`` runs it in the background."""

    pool: Pool
    gates: Sequence[Gate]
    book: Callable[[Outcome], Awaitable[None]]
    start: Callable[[Coroutine[object, object, None]], "asyncio.Task[None]"]
    clock: Callable[[], float] = time.monotonic
    rhythm: Rhythm = field(default_factory=Rhythm)
    _timers: dict[Hashable, asyncio.TimerHandle] = field(default_factory=dict[Hashable, asyncio.TimerHandle])
    _under_way: "set[asyncio.Task[None]]" = field(default_factory=set["asyncio.Task[None]"])
    _active: float = 0.0

    def used(self, task: Task, kind: TaskKind, tier: str, exchange: Exchange) -> None:
        """Take note of a call, and wind the clock for a refresh where one is expected to pay."""
        now = self._active = self.clock()
        model, prompt, usage = exchange.model, exchange.prompt, exchange.usage
        if not model.skills.cache or model.price is None or usage is None or not isinstance(prompt, Chat):
            return
        tokens = usage.cache_read + usage.cache_write
        if not tokens:
            return
        key, lasts = (model.ref, hash(prompt.system), hash(prompt.stable)), model.skills.cache_for
        self.rhythm.use(key, now, lasts)
        known = self._timers.pop(key, None)
        if known is not None:
            known.cancel()
        if lasts > AHEAD and len(self._timers) < AT_ONCE and gain(model.price, tokens, self.rhythm.chance) >= LEAST:
            use = _Use(task=task, kind=kind, tier=tier, model=model, prompt=prompt, tokens=tokens)
            self._timers[key] = asyncio.get_running_loop().call_later(lasts - AHEAD, self._due, key, use)

    @property
    def waiting(self) -> int:
        """How many refreshes are to come."""
        return len(self._timers)

    def rest(self) -> None:
        """Refresh nothing more; what is under way is broken off and booked."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for refresh in self._under_way:
            refresh.cancel()

    def _due(self, key: Hashable, use: _Use) -> None:
        del self._timers[key]
        barred = any(gate.bars(use.task, use.tier, use.model) for gate in self.gates) or self.pool.health.bar(use.model)
        if barred or self.clock() - self._active > AWAY:
            return
        under_way = self.start(self._refresh(use))
        self._under_way.add(under_way)
        under_way.add_done_callback(self._under_way.discard)

    async def _refresh(self, use: _Use) -> None:
        """Send the beginning again with next to nothing behind it; nobody waits for the answer."""
        exchange, started = _question(use), time.time()
        failure: Failure | None = None
        try:
            provider = await self.pool.provider(use.model.provider)
            async with asyncio.timeout(LONGEST):
                await provider.ask(exchange)
        except ProviderError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure(kind=FailureKind.TIMEOUT, message=f"{use.model.ref} did not answer in {LONGEST:g} s.")
        except asyncio.CancelledError:  # only `rest` cancels it, and what was paid must be booked
            failure = Failure(kind=FailureKind.CANCELLED, message="The refresh was broken off.")
        usage = exchange.paid()
        self.pool.caches.note(use.model, use.task, use.kind, usage)
        attempt = Attempt(
            role=Role.REFRESH,
            tier=use.tier,
            model=use.model,
            started=started,
            first_token=exchange.first_token,
            seconds=time.perf_counter() - exchange.started,
            usage=usage,
            reply=None if failure else exchange.reply(),
            failure=failure,
        )
        await self.book(Outcome(task=_named(use.task, started), decision=self._decision(use), attempts=(attempt,)))

    def _decision(self, use: _Use) -> Decision:
        expected = gain(use.model.price, use.tokens, self.rhythm.chance) if use.model.price else 0.0
        reason = (
            f"{use.model.ref}'s cache of {use.tokens} tokens was kept warm: {self.rhythm.chance:.0%} of your pauses "
            f"end in time for it, which is expected to save {dollars(expected)}."
        )
        return Decision(policy="refresh", ladder=(), reason=reason)


def _question(use: _Use) -> Exchange:
    """Return the smallest request that begins in the same way: the answer's form is part of what is cached."""
    model = replace(use.model, skills=replace(use.model.skills, reserve=0))
    prompt = replace(use.prompt, messages=(Message(role="user", text="Say OK."),), limits=Limits(max_tokens=ANSWERED))
    return Exchange(model=model, prompt=prompt)


def _named(task: Task, at: float) -> Task:
    """Return what the ledger keeps the refresh under: it is no second answer to the task that it follows."""
    return replace(task, id=f"{task.id}-warm-{at:.0f}")
