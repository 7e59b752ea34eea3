"""One call to one model, from prompt to attempt, however it ends."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from tierwise import prompts, trims
from tierwise.core.decision import Role, Rung
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt
from tierwise.core.prompt import Limits
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError, Reply
from tierwise.core.strict import json_object
from tierwise.core.task import Task, TaskKind

from .fitting import fitted
from .health import Health, Watch
from .inquiry import unheard
from .lateness import Patience, late, stall
from .masking import Mask
from .partial import incomplete, is_of_use
from .pool import Pool
from .post import Post
from .refresh import Refresher
from .shared import Shared
from .trying import PLAIN, Terms, tried

HEAD_START = 0.002
"""Seconds after which a request has left and its answer has not yet come: the time to prepare for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of whom: ``rejections`` are the reasons why earlier answers were not good enough; ``follow`` hears
    the answer while it streams, ``terms`` are what it is measured by.
    """

    task: Task
    kind: TaskKind
    rung: Rung
    model: Model
    limits: Limits
    rejections: tuple[str, ...] = ()
    follow: Callable[[Exchange], None] | None = None
    mask: Mask | None = None
    """Hides what must not leave this machine; None where the model runs on it."""
    shared: Shared | None = None
    """Knows answers that need not be asked for again."""
    refresher: Refresher | None = None
    """Keeps the vendor's cache warm afterwards, where that pays."""
    terms: Terms = PLAIN
    post: Post | None = None
    """Sends in batches what may wait."""

    @property
    def waits(self) -> bool:
        """Whether it goes into a batch."""
        return self.task.patient and self.post is not None and self.model.batch is not None


class CallCancelledError(asyncio.CancelledError):
    """The caller gave up; carries the attempt, because what was spent must be booked."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__()
        self.attempt = attempt


async def make(call: Call, pool: Pool) -> Attempt:
    """Ask the model and judge its answer.

    Every way out gives an attempt with what was paid: failures are values in it, and a cancellation raises
    ``CallCancelledError`` with it.
    """
    call = replace(call, kind=fitted(call.kind, call.model))
    prompt = prompts.build(call.task, call.kind, call.model, call.limits, call.rejections, call.rung.tier)
    if call.mask is not None:
        prompt = call.mask.hide(prompt)
    sending = _Sending(call, pool, Exchange(model=call.model, prompt=prompt, enough=_enough(call)))
    if call.waits:
        return await _finished(sending, await sending.post())
    if call.shared is None or call.rung.role is Role.JUDGE:  # a judge's second look shall be its own
        return await _finished(sending, await sending.ask())
    started = time.time()
    try:
        found = await call.shared.ask(call.kind, sending.exchange, sending.ask, call.task.deadline)
    except TimeoutError:
        return _attempt(call, sending.exchange, started, late(call.model.ref, call.task.feature))
    return await _kept(call, sending.exchange, found, await _finished(sending, _said(call, sending, started, found)))


def _said(call: Call, sending: "_Sending", started: float, found: Attempt | Reply) -> Attempt:
    """Return the attempt with the answer as it was said, though it was not asked for now."""
    if isinstance(found, Attempt):
        return found
    return replace(_attempt(call, sending.exchange, started, None), reply=found)


async def _kept(call: Call, exchange: Exchange, found: Attempt | Reply, attempt: Attempt) -> Attempt:
    """Keep the answer for whoever asks the same, and drop one that was rejected."""
    if call.shared is None:
        return attempt
    try:
        if _was_rejected(call, attempt):
            await call.shared.forget(call.kind, exchange)
        elif isinstance(found, Attempt):
            await call.shared.keep(call.kind, exchange, found)
    except asyncio.CancelledError:
        failure = Failure(kind=FailureKind.CANCELLED, message="The request was given up while its answer was kept.")
        raise CallCancelledError(replace(attempt, failure=failure)) from None
    return attempt


def good(attempt: Attempt, rung: Rung) -> bool:
    """Whether the answer is good enough to stay on its rung."""
    return attempt.quality > 0 and attempt.quality >= rung.accept_at


def _was_rejected(call: Call, attempt: Attempt) -> bool:
    if attempt.failure is not None:
        return False
    return not good(attempt, call.rung) if call.rung.role is Role.ANSWER else attempt.verdicts != ()


@dataclass(frozen=True, slots=True)
class _Sending:
    """A call about to be made, and what comes of it."""

    call: Call
    pool: Pool
    exchange: Exchange

    async def ask(self) -> Attempt:
        """Ask the provider; the attempt's reply is what it said, as it said it."""
        call, exchange, health = self.call, self.exchange, self.pool.health
        watch = health.begin(call.model)
        patience = Patience(call.task.deadline, stall(call.task))
        exchange.follow = _listener(call, health, watch, patience)
        started = time.time()
        failure: Failure | None = None
        try:
            provider = await self.pool.provider(call.model.provider)
            async with asyncio.timeout_at(call.task.deadline) as patience.limit:
                await provider.ask(exchange)
        except ProviderError as error:
            failure = error.failure
        except TimeoutError:
            failure = patience.failure(call.model.ref, call.task.feature)
        except asyncio.CancelledError:
            failure = Failure(kind=FailureKind.CANCELLED, message="The request was cancelled or superseded.")
            raise CallCancelledError(_attempt(call, exchange, started, failure)) from None
        finally:
            health.end(watch, failure, exchange.rest)
            self._note()
        return _attempt(call, exchange, started, failure)

    async def post(self) -> Attempt:
        """Have it answered in a batch; the attempt begins when the answer is there, for nobody has waited for it."""
        call, exchange = replace(self.call, model=self.call.model.batched), self.exchange
        failure: Failure | None = None
        assert call.post is not None
        try:
            await call.post.ask(call.task, call.rung.tier, exchange)
        except ProviderError as error:
            failure = error.failure
        except asyncio.CancelledError:
            failure = Failure(kind=FailureKind.CANCELLED, message="Nobody waits any more for the batch that it is in.")
            raise CallCancelledError(_attempt(call, exchange, time.time(), failure)) from None
        finally:
            exchange.started = time.perf_counter()
        return _attempt(call, exchange, time.time(), failure)

    def _note(self) -> None:
        """Remember what the vendor has in its cache now, as its bill says."""
        call, exchange = self.call, self.exchange
        if exchange.usage is not None:
            self.pool.caches.note(call.model, call.task, call.kind, exchange.usage)
        if call.refresher is not None:
            call.refresher.used(call.task, call.kind, call.rung.tier, exchange)


async def _finished(sending: _Sending, attempt: Attempt) -> Attempt:
    """Return the attempt with its secrets back and its verdicts; of a failed one what is of use by itself."""
    call, exchange = sending.call, sending.exchange
    if attempt.failure is None:
        return await _judged(call, _restored(call, attempt))
    if not is_of_use(exchange, attempt.failure, call.kind):
        return attempt
    exchange.finish = Finish.LENGTH  # its last row may be half a row
    partial = _restored(call, replace(attempt, reply=exchange.reply()))
    return replace(await _judged(call, partial), reply=None)


def _restored(call: Call, attempt: Attempt) -> Attempt:
    if call.mask is None or attempt.reply is None:
        return attempt
    return replace(attempt, reply=replace(attempt.reply, text=call.mask.restore(attempt.reply.text)))


def _listener(call: Call, health: Health, watch: Watch, patience: Patience) -> Callable[[Exchange], None]:
    """Return what hears the answer: the health its first token, the caller's companion all of it."""

    def hear(exchange: Exchange) -> None:
        health.speak(watch)
        patience.renew()
        if call.follow is not None:
            call.follow(exchange)

    return hear


def _attempt(call: Call, exchange: Exchange, started: float, failure: Failure | None) -> Attempt:
    return Attempt(
        role=call.rung.role,
        tier=call.rung.tier,
        model=call.model,
        started=started,
        first_token=exchange.first_token,
        seconds=time.perf_counter() - exchange.started,
        usage=exchange.paid(),
        reply=None if failure else exchange.reply(),
        failure=failure,
    )


async def _judged(call: Call, attempt: Attempt) -> Attempt:
    """Return the attempt with its verdicts; whoever gives up meanwhile has still paid for the answer."""
    if attempt.reply is None or call.rung.role is Role.JUDGE:
        return attempt
    if call.rung.role is Role.TRIAGE:
        return attempt if json_object(attempt.reply.text) is not None else unheard(attempt)
    cut_off = incomplete(attempt, call.kind)
    if cut_off is not None:
        return replace(attempt, verdicts=(cut_off,))
    try:
        return await tried(attempt, call.task, call.kind, call.terms)
    except asyncio.CancelledError:
        failure = Failure(kind=FailureKind.CANCELLED, message="The request was given up while its answer was checked.")
        raise CallCancelledError(replace(attempt, failure=failure)) from None


def _enough(call: Call) -> Callable[[str], bool] | None:
    """Return what ends the stream early, and have it look at the place of the answer while the model thinks."""
    stops = trims.stops(call.kind.trims)
    if not stops:
        return None
    asyncio.get_running_loop().call_later(HEAD_START, trims.look_ahead, call.task)
    return lambda text: any(stop(text, call.task) for stop in stops)
