"""The climb: sideways when a model fails, upward when its answer is not good enough."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.edit import Edit
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Attempt
from tierwise.core.prompt import Limits
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task, TaskKind

from .call import Call, CallCancelledError, good, make
from .companion import ALONE, Companion
from .detour import detour
from .gate import Gate
from .hedge import Allowance, Hear, Race, Start
from .inquiry import Inquiry, Prepare, about_answer, about_task, in_time, nothing
from .kept import kept, told
from .masking import Mask
from .observer import Observer
from .pool import Pool
from .post import Post
from .refresh import Refresher
from .shared import Shared
from .trying import PLAIN, Terms

LONGEST_WAIT = 20.0
"""Seconds to wait for a model that said when it can be asked again, where the user chose an action and nobody else is
there: past it, saying so is the better answer.
"""
SHORTEST_WAIT = 1.0
"""Seconds where an editor asked by itself: enough for a place among the requests under way, or for one more try."""

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
    terms: Terms = PLAIN
    prepare: Prepare = nothing
    gates: tuple[Gate, ...] = ()
    towards: str = "none"
    masks: Callable[[Model], bool] = lambda _model: False
    shared: Shared | None = None
    post: Post | None = None
    refresher: Refresher | None = None
    allowance: Allowance | None = None
    """For second calls beside slow ones; None where nobody waits at the keyboard."""
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    _steps: list[str] = field(default_factory=list[str])
    _above: bool = False
    """Whether somebody could answer after the rung that is being asked."""

    async def up(self) -> None:
        """Climb until an answer is good enough or the ladder, or the time, ends; then keep the best that passed."""
        rungs, stood = list(self.decision.ladder), list[Rung]()
        while rungs:
            stood.append(rungs.pop(0))
            self._above = bool(rungs)
            if await self._stand(stood[-1]) or self._out_of_time():
                break
            again = self.replan(tuple(self.attempts)) if self.attempts else None
            if again is not None:
                rungs = list(again.ladder)
                signals = {**self.decision.signals, **again.signals}
                self.decision = replace(again, ladder=(*stood, *rungs), signals=signals)
            if rungs and not self._has_time_for(rungs[0]):
                break
        if self._is_let_down():
            await self._turn_aside()
        self._keep_best()
        if self._steps:
            self.decision = replace(self.decision, reason=" ".join((self.decision.reason, *self._steps)))

    def _is_let_down(self) -> bool:
        """Whether there is time left and nobody answered, because of failures: to have nothing to say is an answer."""
        answered = any(attempt.reply or attempt.quality > 0 for attempt in self.attempts)
        silent = bool(self.attempts) and all(
            attempt.failure and attempt.failure.kind is FailureKind.SILENT for attempt in self.attempts
        )
        return not (answered or silent or self._out_of_time())

    async def _turn_aside(self) -> None:
        """Look for an answer elsewhere: nobody on the ladder gave any."""
        models = [model for rung in self.decision.ladder for model in rung.models or self._models(rung.tier)]
        for rung in detour(self.towards, self.kind, self.decision, self.tiers):
            asked = len(self.attempts)
            if await self._stand(rung):
                self._step(f"Nobody on the ladder could answer, so {rung.tier} did.")
            if any(attempt.reply for attempt in self.attempts[asked:]) or self._out_of_time():
                return
        if await self._worth_waiting(models):
            for rung in self.decision.ladder:
                if await self._stand(rung):
                    return

    async def _worth_waiting(self, models: list[Model]) -> bool:
        """Where the user waits for an answer that nobody else can give, wait with him until somebody can be asked."""
        health = self.pool.health
        models = [model for model in models if not any(gate.bars(self.task, "", model) for gate in self.gates)]
        if self.attempts or not models or self.task.deadline is None:
            return False
        left = self.task.deadline - asyncio.get_running_loop().time()
        until = health.clock() + min(left / 2, LONGEST_WAIT if self.towards != "down" else SHORTEST_WAIT)
        self._step("It was waited until one of them could be asked.")
        return await health.opening(models, until)

    async def _stand(self, rung: Rung) -> bool:
        """Ask the rung's models in turn until one replies; say whether its answer is good enough to stay."""
        if rung.role is Role.TRIAGE:
            await self._triage(rung)
            return False
        waiting = list(rung.models or self._models(rung.tier))
        while waiting:
            model = waiting.pop(0)
            if self._is_barred(rung, model):
                continue
            self.task = await self.companion.complete(self.task, model)
            await self.companion.hold(model)
            if self._is_ill(model):
                continue  # others have found out meanwhile
            attempt = await self._ask(rung, model, waiting)
            if attempt.failure is None:
                return rung.role is Role.ANSWER and attempt.candidate is not None and good(attempt, rung)
            if attempt.candidate is not None and good(attempt, rung):
                return True  # it broke off, and what came before is good by itself
            if attempt.failure.kind is FailureKind.TIMEOUT and self._out_of_time():
                return False
            if self.task.patient:
                self._step(f"The batch did not answer ({attempt.failure.kind}), so {model.ref} was asked by itself.")
                self.task = replace(self.task, patient=False)
                waiting.insert(0, model)
        return False

    async def _ask(self, rung: Rung, model: Model, others: list[Model]) -> Attempt:
        """Ask the model, and where it is slower than its habit, one of the others too, which is then taken off them."""
        usual = self.pool.health.p95(model)
        if self.allowance is None or usual is None or not others:
            return await self._call(rung, model, self.companion.hear)
        allowance = self.allowance
        allowance.earn()

        def second() -> Start | None:
            other = next((other for other in others if not self._is_barred(rung, other)), None)
            if other is None or not allowance.spend():
                return None
            others.remove(other)
            self._step(f"{model.ref} was slower than its usual {usual:.1f} s, so {other.ref} was asked too.")
            return partial(self._call, rung, other)

        return await Race(self.companion.hear).run(partial(self._call, rung, model), second, usual)

    async def _call(self, rung: Rung, model: Model, hear: Hear) -> Attempt:
        self.observer.asking(self.task, rung.tier, model)
        call = Call(
            task=self.task,
            kind=self.kind,
            rung=rung,
            model=model,
            limits=self.limits,
            rejections=self._rejections(),
            follow=hear,
            terms=replace(
                self.terms, ask=partial(self._judge, model) if self._above else None, good=self._good_parts()
            ),
        )
        return await self._make(call)

    async def _make(self, call: Call) -> Attempt:
        """Make the call; whatever comes of it is booked."""
        for gate in self.gates:
            call = replace(call, task=gate.cleared(call.task, call.model))
        if self.masks(call.model):
            call = replace(call, mask=Mask())
        call = replace(call, shared=self.shared, post=self.post, refresher=self.refresher)
        try:
            attempt = await make(call, self.pool)
            if call.mask is not None and call.mask.count:
                self._step(f"Of what {call.model.ref} was sent, {call.mask.count} secrets were masked.")
        except CallCancelledError as cancelled:
            self.attempts.append(cancelled.attempt)
            raise
        self.attempts.append(attempt)
        self.observer.tried(self.task, attempt)
        return attempt

    def _rejections(self) -> tuple[str, ...]:
        """Return what the next model is told of earlier answers: why they were not taken, what of them was."""
        rejected = [attempt for attempt in self.attempts if _was_rejected(attempt)]
        good = self._good_parts()
        return (*map(_rejection, rejected), *((told(good, rejected[-1]),) if good else ()))

    def _good_parts(self) -> tuple[Edit, ...]:
        """Return the edits of the last answer that nothing was found wrong with."""
        last = next((attempt for attempt in reversed(self.attempts) if _was_rejected(attempt)), None)
        return kept(last) if last else ()

    async def _triage(self, rung: Rung) -> None:
        """Ask how hard the task is; the policy reads the answer, and where there is none it plans as if unasked."""
        inquiry = self.prepare(about_task(self.task), Role.TRIAGE)
        if inquiry is not None:
            await self._inquire(inquiry)

    async def _judge(self, author: Model, shown: str) -> Attempt | None:
        """Ask how good an answer is that makes this change."""
        inquiry = self.prepare(about_answer(self.task, self.kind, shown), Role.JUDGE)
        return await self._inquire(inquiry, author) if inquiry else None

    async def _inquire(self, inquiry: Inquiry, author: Model | None = None) -> Attempt | None:
        """Put a question of our own to the first model that answers it; to the author, who likes his own work, last."""
        task = in_time(inquiry.task, inquiry.kind)
        models = inquiry.rung.models or self._models(inquiry.rung.tier)
        for model in sorted(models, key=lambda model: model == author):
            if self._is_barred(inquiry.rung, model):
                continue
            self.observer.asking(self.task, inquiry.rung.tier, model)
            rung, kind, limits = inquiry.rung, inquiry.kind, inquiry.limits
            attempt = await self._make(Call(task=task, kind=kind, rung=rung, model=model, limits=limits))
            if attempt.failure is None:
                return attempt
            if attempt.failure.kind is FailureKind.TIMEOUT:
                return None
        return None

    def _has_time_for(self, rung: Rung) -> bool:
        """Whether the time left is likely enough for one more answer: dearer models are seldom faster."""
        if self.task.deadline is None or not self.attempts:
            return True
        left = self.task.deadline - asyncio.get_running_loop().time()
        last = self.attempts[-1]
        if last.failure is not None or left >= last.seconds:
            return True
        self._step(f"There was no time left to ask {rung.tier}.")
        return False

    def _is_barred(self, rung: Rung, model: Model) -> bool:
        """Whether the model may not or cannot be asked now; if so, say why."""
        for gate in self.gates:
            reason = gate.bars(self.task, rung.tier, model)
            if reason is not None:
                self._step(f"{model.ref} was passed over: {reason}.")
                return True
        return self._is_ill(model)

    def _is_ill(self, model: Model) -> bool:
        """Whether the model is not well enough to be asked; if so, say why."""
        bar = self.pool.health.bar(model)
        if bar is None:
            return False
        until = f" (for {bar.seconds:.0f} s more)" if bar.seconds is not None and bar.seconds >= 1 else ""
        self._step(f"{model.ref} was passed over: {bar.reason}{until}.")
        return True

    def _step(self, sentence: str) -> None:
        if sentence not in self._steps:
            self._steps.append(sentence)

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


def _was_rejected(attempt: Attempt) -> bool:
    return attempt.role is Role.ANSWER and attempt.reply is not None


def _rejection(attempt: Attempt) -> str:
    doubtful = [verdict for verdict in attempt.verdicts if verdict.score < 1.0 and not verdict.skipped]
    reasons = [f"{verdict.check}: {verdict.reason}" for verdict in doubtful if verdict.reason]
    return "; ".join(reasons) or "the answer was not good enough"
