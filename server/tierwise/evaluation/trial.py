"""Let every tier answer each puzzle: estimated first, within a budget, several at a time, taken up where it ended."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from tierwise import tasks
from tierwise.checks import NOWHERE, Site
from tierwise.core.decision import Decision, Rung
from tierwise.core.document import Document
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.reply import FailureKind
from tierwise.core.task import Task, TaskKind
from tierwise.core.text import Span, Text
from tierwise.engine import Engine
from tierwise.engine.shape import applied, texts

from .grading import Grader
from .puzzles import KINDS, Puzzle
from .record import Row, append

NOT_ITS_FAULT = frozenset(
    {
        FailureKind.REFUSED,
        FailureKind.UNREACHABLE,
        FailureKind.RATE_LIMITED,
        FailureKind.OVERLOADED,
        FailureKind.CANCELLED,
    }
)
"""Failures that say nothing of how good a model is: no outcome is written, and the next run asks again."""


class Pinned:
    """A policy that lets one model answer."""

    def __init__(self, rung: Rung) -> None:
        self._rung = rung

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return the one rung."""
        if attempts:
            return None
        return Decision(policy="eval", ladder=(self._rung,), reason=f"{self._rung.tier} is being measured.")

    def learn(self, outcome: Outcome) -> None:
        """Learn nothing."""

    def note(self, feedback: Feedback) -> None:
        """Learn nothing."""


def _nowhere(_task: Task) -> Site:
    """The grader runs the tests, so the engine need not."""
    return NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: ``models`` by tier, from cheap to dear; ``budget`` in dollars, None without limit."""

    root: Path
    puzzles: Sequence[Puzzle]
    models: Mapping[str, Model]
    out: Path
    budget: float | None = None
    jobs: int = 2
    done: frozenset[tuple[str, str]] = frozenset()
    """Task and tier of the outcomes that are there already."""

    def left(self) -> list[tuple[Puzzle, str]]:
        """Return what is not done yet, puzzle by puzzle."""
        pairs = ((puzzle, tier) for puzzle in self.puzzles for tier in self.models)
        return [(puzzle, tier) for puzzle, tier in pairs if (puzzle.id, tier) not in self.done]


@dataclass(slots=True)
class Trial:
    """One run of a plan; ``tell`` hears a line after each answer."""

    plan: Plan
    engine: Engine
    grader: Grader
    tell: Callable[[str], None] = lambda _line: None
    spent: float = 0.0
    reserved: float = 0.0
    skipped: int = 0
    rows: list[Row] = field(default_factory=list[Row])

    async def estimate(self) -> float:
        """Return about how many dollars what is left costs; what has no price counts as nothing."""
        return sum([await self._price(puzzle, tier) for puzzle, tier in self.plan.left()])

    async def run(self) -> list[Row]:
        """Ask and grade all that is left, as far as the budget reaches; return the new rows."""
        slots = asyncio.Semaphore(self.plan.jobs)

        async def one(puzzle: Puzzle, tier: str) -> None:
            async with slots:
                await self._one(puzzle, tier)

        await asyncio.gather(*(one(puzzle, tier) for puzzle, tier in self.plan.left()))
        return self.rows

    async def _one(self, puzzle: Puzzle, tier: str) -> None:
        price = await self._price(puzzle, tier)
        budget = self.plan.budget
        if budget is not None and self.spent + self.reserved + price > budget:
            self.skipped += 1
            return
        self.reserved += price
        try:
            outcome = await self._engine(tier).run(await self._task(puzzle))
        finally:
            self.reserved -= price
        self.spent += outcome.cost or 0.0
        failure = outcome.failure
        if not outcome.attempts or (failure is not None and failure.kind in NOT_ITS_FAULT):
            self.skipped += 1
            self.tell(f"{tier}: {failure.message if failure else outcome.decision.reason}")
            return
        row = await self._graded(puzzle, tier, outcome)
        append(self.plan.out, row)
        self.rows.append(row)
        self.tell(f"{puzzle.id} {tier}: {'solved' if row.resolved else row.reason}")

    async def _graded(self, puzzle: Puzzle, tier: str, outcome: Outcome) -> Row:
        reason = "no answer passed its checks"
        candidate = outcome.candidate
        if candidate is not None:
            after = applied(candidate.edits, texts(outcome.task))
            text = next((str(text) for text in after.values()), puzzle.shown)
            reason = await self.grader.fault(puzzle, text)
        model = self.plan.models[tier]
        return Row(
            task_id=puzzle.id,
            repo=self.plan.root.name,
            kind=KINDS[puzzle.sort],
            language="python",
            model=model.ref,
            vendor=model.provider,
            tier=tier,
            cost_usd=round(outcome.cost or 0.0, 9),
            api_calls=len(outcome.attempts),
            resolved=int(not reason),
            seconds=round(sum(attempt.seconds for attempt in outcome.attempts), 3),
            run_date=date.today().isoformat(),  # noqa: DTZ011 - the user's own day
            scaffold="tierwise eval",
            reason=reason,
        )

    def _engine(self, tier: str) -> Engine:
        rung = Rung(tier=tier, models=(self.plan.models[tier],))
        parts = self.engine.parts
        return Engine(replace(parts, policies=(Pinned(rung),), site=_nowhere))

    async def _task(self, puzzle: Puzzle) -> Task:
        root = self.plan.root
        kind = self.engine.parts.kinds(KINDS[puzzle.sort])
        document = Document(
            uri=(root / puzzle.path).as_uri(), version=None, language="python", text=Text.of(puzzle.shown)
        )
        task = Task(
            id=uuid4().hex,
            kind=kind.name,
            feature="eval",
            document=document,
            span=Span(puzzle.place, puzzle.place),
            instruction=puzzle.instruction,
            facts={"root": str(root)},
        )
        deadline = asyncio.get_running_loop().time() + kind.deadline
        if kind.form != "insertion":  # what is put in at the cursor needs no more than the cursor
            task = await tasks.prepared(task, tasks.Ground(root=root, gate=self.engine.reader(root)))
        return replace(task, deadline=deadline)

    async def _price(self, puzzle: Puzzle, tier: str) -> float:
        explanation = self._engine(tier).explain(await self._task(puzzle))
        return next((each.cost or 0.0 for each in explanation.candidates if each.tier == tier), 0.0)
