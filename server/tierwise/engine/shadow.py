"""Shadow runs: now and then a cheaper tier is asked the same once more, to learn whether it would have done.

The user has his answer by then and never sees this one; the same checks judge it. It spends his money, so that it is
done only where he gave it a share of a budget, and only where something hard could judge: a shadow that nothing judges
teaches nothing. Whether it is done does not depend on how good the answer given was, or the cheap tier would be tried
on easy tasks alone; the chance with which it is done is recorded, so that what it teaches can be weighed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tierwise.checks import STRONG
from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import IN_PROCESS, Model, Tier
from tierwise.core.outcome import Outcome
from tierwise.core.prompt import Limits
from tierwise.core.task import Task, TaskKind
from tierwise.policies.facts import facts

from .budget import estimate
from .call import Call, CallCancelledError, make
from .detour import UNASKED
from .gate import Gate
from .masking import Mask
from .pool import Pool
from .trying import Terms

FEATURE = "shadow"
"""What the ledger keeps shadow runs under: their own line in every report."""

CHANCE = 0.2
"""With which a task that can be shadowed is: what the share allows then lasts for different kinds of work."""

PAUSE = 2.0
"""Seconds after the answer before a shadow begins: what the user does with the answer comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an engine lends: how long answers may be, how they are tried, what is hidden; ``book`` records an outcome,
    ``start`` runs something in the background.
    """

    pool: Pool
    tiers: Mapping[str, Tier]
    gates: Sequence[Gate]
    limits: Callable[[Task, TaskKind], Limits]
    terms: Callable[[Task], Terms]
    masks: Callable[[Model], bool]
    book: Callable[[Outcome], Awaitable[None]]
    start: Callable[[Coroutine[object, object, None]], "asyncio.Task[None]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """Who is to be asked what, and with which chance this was chosen."""

    task: Task
    kind: TaskKind
    rung: Rung
    model: Model
    limits: Limits
    beside: str
    chance: float


@dataclass(slots=True, kw_only=True)
class Shadows:
    """``allowance`` returns the dollars that may still be spent on them today."""

    means: Means
    allowance: Callable[[], float]
    chance: float = CHANCE
    pause: float = PAUSE
    random: Random = field(default_factory=Random)
    _timer: asyncio.TimerHandle | None = None
    _under_way: "asyncio.Task[None] | None" = None

    def follow(self, outcome: Outcome, kind: TaskKind) -> None:
        """Let a shadow of what has just been answered begin soon, where one can be judged and paid; one at a time."""
        if self._timer is not None or self._under_way is not None:
            return
        shadow = self._chosen(outcome, kind)
        if shadow is not None:
            self._timer = asyncio.get_running_loop().call_later(self.pause, self._due, shadow)

    def rest(self) -> None:
        """Begin nothing more; what is under way is broken off and booked."""
        self.allowance = lambda: 0.0
        if self._timer is not None:
            self._timer.cancel()
        if self._under_way is not None:
            self._under_way.cancel()

    def _due(self, shadow: Shadow) -> None:
        self._timer = None
        self._under_way = self.means.start(self._run(shadow))
        self._under_way.add_done_callback(self._ended)

    def _ended(self, _done: "asyncio.Task[None]") -> None:
        self._under_way = None

    def _chosen(self, outcome: Outcome, kind: TaskKind) -> Shadow | None:
        if not _can_be_judged(outcome):
            return None
        left = self.allowance()
        cheaper = [each for each in _cheaper(outcome, self.means.tiers) if self._can_be_paid(outcome, kind, each, left)]
        if not cheaper or self.random.random() >= self.chance:
            return None
        tier, model = self.random.choice(cheaper)
        answers = [rung.accept_at for rung in outcome.decision.ladder if rung.role is Role.ANSWER]
        return Shadow(
            task=replace(outcome.task, id=f"{outcome.task.id}-shadow", feature=FEATURE),
            kind=kind,
            rung=Rung(tier=tier, role=Role.SHADOW, accept_at=max(answers, default=0.0), models=(model,)),
            model=model,
            limits=self.means.limits(outcome.task, kind),
            beside=outcome.task.id,
            chance=self.chance / len(cheaper),
        )

    def _can_be_paid(self, outcome: Outcome, kind: TaskKind, who: tuple[str, Model], left: float) -> bool:
        """Whether the longest answer that is allowed stays within what is left, and nothing bars the model."""
        tier, model = who
        task = outcome.task
        longest = self.means.limits(task, kind).max_tokens + model.skills.reserve
        cost = estimate(task, model, longest)
        barred = any(gate.bars(task, tier, model) for gate in self.means.gates) or self.means.pool.health.bar(model)
        return cost is not None and cost <= left and not barred

    async def _run(self, shadow: Shadow) -> None:
        """Ask, judge, book; nobody waits for the answer."""
        try:
            attempt = await make(self._call(shadow), self.means.pool)
        except CallCancelledError as cancelled:  # only `rest` cancels it, and what was paid must be booked
            attempt = cancelled.attempt
        await self.means.book(Outcome(task=shadow.task, decision=_decision(shadow), attempts=(attempt,)))

    def _call(self, shadow: Shadow) -> Call:
        means, kind = self.means, shadow.kind
        task = replace(shadow.task, deadline=asyncio.get_running_loop().time() + kind.deadline)
        for gate in means.gates:
            task = gate.cleared(task, shadow.model)
        return Call(
            task=task,
            kind=kind,
            rung=shadow.rung,
            model=shadow.model,
            limits=shadow.limits,
            mask=Mask() if means.masks(shadow.model) else None,
            terms=means.terms(task),
        )


def _can_be_judged(outcome: Outcome) -> bool:
    """Whether something hard judged an answer to the task, which the user asked for; where that spans several files,
    those may have changed by the time a shadow is tried.
    """
    task = outcome.task
    if task.feature in UNASKED or task.patient or task.files:
        return False
    return any(
        verdict.check in STRONG and not verdict.skipped for attempt in outcome.attempts for verdict in attempt.verdicts
    )


def _cheaper(outcome: Outcome, tiers: Mapping[str, Tier]) -> list[tuple[str, Model]]:
    """Return the tiers below all that were asked, each with its first model."""
    order = list(tiers)
    asked = [
        order.index(attempt.tier)
        for attempt in outcome.attempts
        if attempt.role is Role.ANSWER and attempt.tier in tiers
    ]
    known = [(name, tiers[name].models[0]) for name in order[: min(asked, default=0)] if tiers[name].models]
    return [(name, model) for name, model in known if model.provider != IN_PROCESS]


def _decision(shadow: Shadow) -> Decision:
    reason = (
        f"{shadow.model.ref} was asked the same after the answer was given, to learn whether it would have done; "
        f"{shadow.chance:.0%} of such tasks are."
    )
    signals = {**facts(shadow.task, shadow.kind), "beside": shadow.beside, "probability": shadow.chance}
    return Decision(policy=FEATURE, ladder=(shadow.rung,), reason=reason, signals=signals)
