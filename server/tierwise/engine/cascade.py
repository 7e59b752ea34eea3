"""The climb: sideways when a model fails, upward when its answer is not good enough."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tierwise.checks import Check
from tierwise.checks import load as load_check
from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Attempt
from tierwise.core.prompt import Limits
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task, TaskKind

from .call import Call, CallCancelledError, make
from .companion import ALONE, Companion
from .observer import Observer
from .pool import Pool

Replan = Callable[[tuple[Attempt, ...]], Decision | None]
"""Asked after a rung that gave nothing to keep; None lets the ladder go on."""


@dataclass(slots=True, kw_only=True)
class Climb:
    """One task's way up its ladder; ``attempts`` holds every call so far, also when the climb is broken off."""

    task: Task
    kind: TaskKind
    decision: Decision
    tiers: Mapping[str, Tier]
    pool: Pool
    observer: Observer
    limits: Limits
    replan: Replan
    companion: Companion = ALONE
    checks: Callable[[str], Check] = load_check
    attempts: list[Attempt] = field(default_factory=list[Attempt])

    async def up(self) -> None:
        """Climb until an answer is good enough or the ladder, or the time, ends; then keep the best that passed."""
        rungs = list(self.decision.ladder)
        while rungs:
            rung = rungs.pop(0)
            if await self._stand(rung) or self._out_of_time():
                break
            again = self.replan(tuple(self.attempts))
            if again is not None:
                rungs = list(again.ladder)
                self.decision = replace(again, ladder=(*self.decision.ladder, *again.ladder))
        self._keep_best()

    async def _stand(self, rung: Rung) -> bool:
        """Ask the rung's models in turn until one replies; say whether its answer is good enough to stay."""
        for model in rung.models or self._models(rung.tier):
            await self.companion.hold(model)
            self.observer.asking(self.task, rung.tier, model)
            attempt = await self._call(rung, model)
            if attempt.failure is None:
                return rung.role is Role.ANSWER and attempt.candidate is not None and _good(attempt, rung)
            if attempt.failure.kind is FailureKind.TIMEOUT and self._out_of_time():
                return False
        return False

    async def _call(self, rung: Rung, model: Model) -> Attempt:
        call = Call(
            task=self.task,
            kind=self.kind,
            rung=rung,
            model=model,
            limits=self.limits,
            rejections=tuple(_rejection(attempt) for attempt in self.attempts if _was_rejected(attempt)),
            follow=self.companion.hear,
            checks=self.checks,
        )
        try:
            attempt = await make(call, self.pool)
        except CallCancelledError as cancelled:
            self.attempts.append(cancelled.attempt)
            raise
        self.attempts.append(attempt)
        self.observer.tried(self.task, attempt)
        return attempt

    def _models(self, tier: str) -> tuple[Model, ...]:
        found = self.tiers.get(tier)
        return found.models if found else ()

    def _out_of_time(self) -> bool:
        return self.task.deadline is not None and asyncio.get_running_loop().time() >= self.task.deadline

    def _keep_best(self) -> None:
        """Mark the answer the user gets: the last one good enough, else the best that no hard check vetoed.

        Where checks alone cannot tell two answers apart, the policy's favourite wins, then the later one.
        """
        best = max(
            (index for index, attempt in enumerate(self.attempts) if attempt.quality > 0),
            key=lambda index: (self.attempts[index].quality, self.attempts[index].tier == self.decision.keep, index),
            default=None,
        )
        if best is not None:
            self.attempts[best] = replace(self.attempts[best], accepted=True)


def _good(attempt: Attempt, rung: Rung) -> bool:
    return attempt.quality > 0 and attempt.quality >= rung.accept_at


def _was_rejected(attempt: Attempt) -> bool:
    return attempt.role is Role.ANSWER and attempt.reply is not None


def _rejection(attempt: Attempt) -> str:
    reasons = [f"{verdict.check}: {verdict.reason}" for verdict in attempt.verdicts if not verdict.passed]
    return "; ".join(reasons) or "the answer was not good enough"
