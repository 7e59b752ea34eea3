"""Decide, climb, record: the way of every request."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise.checks import NOWHERE, Check, Site
from tierwise.checks import load as load_check
from tierwise.core.decision import Decision, Role
from tierwise.core.model import Model, Tier
from tierwise.core.options import Overrides
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.prompt import Limits
from tierwise.core.reply import FailureKind, ProviderError
from tierwise.core.task import Task, TaskKind
from tierwise.ledger import Ledger
from tierwise.ledger.rows import workspace_at
from tierwise.policies import Policy
from tierwise.policies.facts import facts
from tierwise.policies.warmth import weighed
from tierwise.workspace.ignore import Gate as Files

from .cascade import Climb
from .companion import ALONE, Companion
from .detour import UNASKED, direction
from .explanation import Explainer, Explanation, Foretelling
from .gate import Gate
from .hedge import Allowance
from .inquiry import Inquiry
from .observer import Chorus, Observer
from .pool import Pool
from .post import Post
from .refresh import Refresher
from .remains import outcome_of
from .shadow import Means, Shadows
from .shared import Shared
from .trying import Terms

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """What an engine is built from: policies in the order they are asked, tiers from cheap to dear."""

    kinds: Callable[[str], TaskKind]
    policies: tuple[Policy, ...]
    tiers: Mapping[str, Tier]
    pool: Pool
    ledger: Ledger
    overrides: Overrides
    observers: tuple[Observer, ...] = ()
    checks: Callable[[str], Check] = load_check
    site: Callable[[Task], Site] = lambda _task: NOWHERE
    gates: tuple[Gate, ...] = ()
    masks: Callable[[Model], bool] = lambda _model: False
    withheld: "tuple[GitIgnoreSpec, ...]" = ()
    """Patterns of files that some models must not see: prompts about other files never show them."""
    shared: Shared | None = None
    post: Post | None = None
    allowance: Allowance = field(default_factory=Allowance)
    keep_warm: bool = False
    """Whether vendors' prompt caches are kept warm where that pays."""
    shadows: Callable[[], float] | None = None
    """The dollars that may still be spent on shadow runs today; None where there are none."""


class Engine:
    """Runs tasks; holds no state of its own but what it is built from, so new settings mean a new engine."""

    def __init__(self, parts: EngineParts) -> None:
        self.parts = parts
        self._background: set[asyncio.Task[None]] = set()
        self._foretelling = next((policy for policy in parts.policies if isinstance(policy, Foretelling)), None)
        self.refresher = self._refresher() if parts.keep_warm else None
        self.shadows = self._shadows(parts.shadows) if parts.shadows else None

    def reader(self, root: Path | None) -> Files:
        """Return what reads those files of a workspace that may stand in prompts about others."""
        return Files((root,) if root else (), withheld=self.parts.withheld)

    def decide(self, task: Task) -> Decision:
        """Return who would answer this task, and why, without asking anyone."""
        return self._decide(task, self.parts.kinds(task.kind))[1]

    def explain(self, task: Task) -> Explanation:
        """Return the decision with its candidates, their prices and what would change it, without asking anyone."""
        kind = self.parts.kinds(task.kind)
        foretelling = self._foretelling
        explainer = Explainer(
            tiers=self.parts.tiers,
            limits=self._limits(task, kind),
            decide=lambda varied: self._decide(varied, kind)[1],
            prospects=foretelling.prospects(task, kind, self.parts.tiers) if foretelling else (),
            bar=partial(self._bar, task),
            caches=self.parts.pool.caches,
        )
        return explainer.explain(task, kind)

    def deadline(self, task: Task) -> float:
        """Return the moment, on the loop's clock, after which nobody waits for the task any more."""
        allowed = self.parts.overrides.of(task).deadline or self.parts.kinds(task.kind).deadline
        return asyncio.get_running_loop().time() + allowed

    async def run(self, task: Task, observer: Observer | None = None, companion: Companion = ALONE) -> Outcome:
        """Answer the task and record what it cost.

        An outcome without an answer is a normal value. Cancellation is recorded and raised again; only what was given
        up while the companion still held it back, before anyone was paid, leaves no trace.
        """
        kind = self.parts.kinds(task.kind)
        told = Chorus((*self.parts.observers, observer) if observer else self.parts.observers)
        policy, decision = self._decide(task, kind)
        told.decided(task, decision)
        climb = Climb(
            task=task,
            kind=kind,
            decision=decision,
            tiers=self.parts.tiers,
            pool=self.parts.pool,
            observer=told,
            limits=self._limits(task, kind),
            replan=lambda attempts: self._asked(policy, task, kind, attempts) if policy else None,
            companion=companion,
            terms=self._terms(task),
            prepare=self._prepared,
            gates=self.parts.gates,
            masks=self.parts.masks,
            shared=self.parts.shared,
            post=self.parts.post,
            refresher=self.refresher,
            towards=direction(task, self.parts.overrides.of(task), decision),
            allowance=self.parts.allowance if task.feature in UNASKED else None,
        )
        try:
            await climb.up()
        except asyncio.CancelledError:
            if any(_mattered(attempt) for attempt in climb.attempts):
                self._later(self._record(_outcome(climb), told))
            else:
                told.finished(_outcome(climb))
            raise
        outcome = _outcome(climb)
        await self._record(outcome, told)
        if self.shadows is not None:
            self.shadows.follow(outcome, kind)
        return outcome

    def note(self, feedback: Feedback) -> None:
        """Take in what the user did with an answer."""
        self.parts.ledger.note(feedback)
        for policy in self.parts.policies:
            policy.note(feedback)

    async def tidy(self, root: str) -> None:
        """Book what came of batches about the workspace of this root and is asked about no more."""
        post = self.parts.post
        if post is None:
            return
        try:
            left = await post.rest(workspace_at(root))
            for posted, answer in left:
                outcome = outcome_of(posted, answer, self.parts.tiers)
                await self.parts.ledger.record(outcome)
                Chorus(self.parts.observers).finished(outcome)
            await post.booked([posted for posted, _ in left])
        except ProviderError as error:
            log.warning("what batches have cost is booked another time: %s", error)

    def rest(self) -> None:
        """Begin nothing more by itself."""
        if self.refresher is not None:
            self.refresher.rest()
        if self.shadows is not None:
            self.shadows.rest()

    async def settle(self) -> None:
        """Wait until everything that was cancelled is recorded."""
        while self._background:
            await asyncio.gather(*self._background)

    async def _record(self, outcome: Outcome, told: Observer) -> None:
        for policy in self.parts.policies:
            policy.learn(outcome)
        await self.parts.ledger.record(outcome)
        told.finished(outcome)

    def _decide(self, task: Task, kind: TaskKind) -> tuple[Policy | None, Decision]:
        for policy in self.parts.policies:
            decision = self._asked(policy, task, kind)
            if decision is not None:
                return policy, decision
        reason = "No model is configured for this: set a key or start a local server (`tierwise doctor` says how)."
        return None, Decision(policy="none", ladder=(), reason=reason, signals=facts(task, kind))

    def _asked(self, policy: Policy, task: Task, kind: TaskKind, attempts: tuple[Attempt, ...] = ()) -> Decision | None:
        """Return the policy's decision with what vendors' caches change about it."""
        decision = policy.decide(task, kind, self.parts.tiers, attempts)
        if decision is None:
            return None
        bar = None if policy is self._foretelling else partial(self._bar, task)
        return weighed(decision, task, kind, self.parts.tiers, self.parts.pool.caches, bar)

    def _bar(self, task: Task, model: Model, tier: str) -> str:
        """Return why the model cannot be asked now, or an empty string."""
        barred = (reason for gate in self.parts.gates if (reason := gate.bars(task, tier, model)) is not None)
        ill = self.parts.pool.health.bar(model)
        return next(barred, ill.reason if ill else "")

    def _prepared(self, question: Task, role: Role) -> Inquiry | None:
        """Return how to ask a question of our own; whom is decided as for any other task."""
        if self.parts.overrides.of(question).enabled is False:
            return None
        kind = self.parts.kinds(question.kind)
        ladder = self._decide(question, kind)[1].ladder
        if not ladder:
            return None
        rung = replace(ladder[0], role=role, accept_at=0.0)
        return Inquiry(task=question, kind=kind, rung=rung, limits=self._limits(question, kind))

    def _limits(self, task: Task, kind: TaskKind) -> Limits:
        options = self.parts.overrides.of(task)
        wishes = (options.temperature, task.temperature, kind.temperature)
        temperature = next((wish for wish in wishes if wish is not None), None)
        return Limits(max_tokens=options.max_output or kind.max_output, temperature=temperature)

    def _refresher(self) -> Refresher:
        told = Chorus(self.parts.observers)
        return Refresher(
            pool=self.parts.pool,
            gates=self.parts.gates,
            book=lambda outcome: self._record(outcome, told),
            start=self._later,
        )

    def _shadows(self, allowance: Callable[[], float]) -> Shadows:
        parts, told = self.parts, Chorus(self.parts.observers)
        means = Means(
            pool=parts.pool,
            tiers=parts.tiers,
            gates=parts.gates,
            limits=self._limits,
            terms=self._terms,
            masks=parts.masks,
            book=lambda outcome: self._record(outcome, told),
            start=self._later,
        )
        return Shadows(means=means, allowance=allowance)

    def _terms(self, task: Task) -> Terms:
        return Terms(checks=self.parts.checks, site=self.parts.site(task))

    def _later(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        job = asyncio.create_task(work)
        self._background.add(job)
        job.add_done_callback(self._background.discard)
        return job


def _mattered(attempt: Attempt) -> bool:
    """Whether an attempt cost something or failed in earnest; the workspace says little, for nothing, at every key."""
    return attempt.cost != 0.0 or (attempt.failure is not None and attempt.failure.kind is not FailureKind.SILENT)


def _outcome(climb: Climb) -> Outcome:
    return Outcome(task=climb.task, decision=climb.decision, attempts=tuple(climb.attempts))
