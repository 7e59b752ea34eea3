"""One call to one model, from prompt to attempt, however it ends."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from tierwise import edits, prompts, trims
from tierwise.checks import Check, Trial
from tierwise.checks import load as load_check
from tierwise.core.decision import Role, Rung
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Verdict
from tierwise.core.prompt import Limits
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError
from tierwise.core.task import Task, TaskKind

from .health import Health, Watch
from .pool import Pool
from .shape import applied, shape, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of whom: ``rejections`` are the reasons why earlier answers were not good enough; ``follow`` hears
    the answer while it streams, ``checks`` finds the kind's checks by name.
    """

    task: Task
    kind: TaskKind
    rung: Rung
    model: Model
    limits: Limits
    rejections: tuple[str, ...] = ()
    follow: Callable[[Exchange], None] | None = None
    checks: Callable[[str], Check] = load_check


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
    prompt = prompts.build(call.task, call.kind, call.model, call.limits, call.rejections, call.rung.tier)
    exchange = Exchange(model=call.model, prompt=prompt, enough=_enough(call))
    watch = pool.health.begin(call.model)
    exchange.follow = _listener(call, pool.health, watch)
    started = time.time()
    failure: Failure | None = None
    try:
        provider = await pool.provider(call.model.provider)
        if call.task.deadline is None:
            await provider.ask(exchange)
        else:
            async with asyncio.timeout_at(call.task.deadline):
                await provider.ask(exchange)
    except ProviderError as error:
        failure = error.failure
    except TimeoutError:
        failure = Failure(
            kind=FailureKind.TIMEOUT,
            message=f"{call.model.ref} did not answer before the deadline of {call.task.feature}.",
        )
    except asyncio.CancelledError:
        failure = Failure(kind=FailureKind.CANCELLED, message="The request was cancelled or superseded.")
        raise CallCancelledError(_attempt(call, exchange, started, failure)) from None
    finally:
        pool.health.end(watch, failure, exchange.rest)
    attempt = _attempt(call, exchange, started, failure)
    return attempt if failure else await _judged(call, attempt)


def _listener(call: Call, health: Health, watch: Watch) -> Callable[[Exchange], None]:
    """Return what hears the answer: the health its first token, the caller's companion all of it."""

    def hear(exchange: Exchange) -> None:
        health.speak(watch)
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
    """Return the attempt with its candidate and the verdicts of the kind's checks, cheap ones first."""
    if attempt.reply is None or call.rung.role is not Role.ANSWER:
        return attempt
    try:
        cut = attempt.reply.finish is Finish.LENGTH
        candidate = shape(attempt.reply.text, call.task, call.kind, cut=cut)
        before = texts(call.task)
        after = applied(candidate.edits, before)
    except edits.MalformedError as error:
        verdict = Verdict(check="applies", passed=False, score=0.0, reason=str(error))
        return replace(attempt, verdicts=(verdict,))
    trial = Trial(task=call.task, candidate=candidate, before=before, after=after)
    verdicts: list[Verdict] = []
    for name in call.kind.checks:
        verdict = await call.checks(name).check(trial)
        verdicts.append(verdict)
        if verdict.hard and not verdict.passed:
            break  # nothing can save the candidate now, so dearer checks would be wasted
    return replace(attempt, candidate=candidate, verdicts=tuple(verdicts))


def _enough(call: Call) -> Callable[[str], bool] | None:
    stops = trims.stops(call.kind.trims)
    if not stops:
        return None
    return lambda text: any(stop(text, call.task) for stop in stops)
