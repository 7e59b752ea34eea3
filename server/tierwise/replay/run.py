"""Runs the engine over recorded tasks under one policy."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tierwise.core.model import Tier
from tierwise.core.options import Overrides
from tierwise.core.outcome import Feedback, Signal
from tierwise.core.task import Task
from tierwise.engine.engine import Engine, EngineParts
from tierwise.engine.pool import Pool
from tierwise.ledger.nothing import Nothing
from tierwise.policies import Policy

from .outcomes import Outcomes
from .stage import KIND, PROVIDER, Draws, Recording, Verifier, task_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a policy did to each task, in the outcomes' order: dollars paid, whether the given answer was right, and
    whether the frontier was asked; shares where several runs were averaged.
    """

    costs: tuple[float, ...]
    solved: tuple[float, ...]
    frontier: tuple[float, ...]

    @property
    def cost(self) -> float:
        """Mean dollars a task."""
        return sum(self.costs) / len(self.costs)

    @property
    def quality(self) -> float:
        """Share of tasks solved."""
        return sum(self.solved) / len(self.solved)

    @property
    def frontier_share(self) -> float:
        """Share of tasks for which the frontier was asked."""
        return sum(self.frontier) / len(self.frontier)


class Stage:
    """The recorded world, ready for many runs."""

    def __init__(self, outcomes: Outcomes, frontier: str) -> None:
        self._frontier = frontier
        self.tasks: tuple[Task, ...] = tuple(task_of(recorded) for recorded in outcomes.tasks)
        self._provider = Recording({recorded.task: recorded for recorded in outcomes.tasks})
        self._pool = Pool({}, {PROVIDER: self._provider})

    async def play(self, policy: Policy, tiers: dict[str, Tier], draws: Draws, order: Sequence[int]) -> Point:
        """Run the tasks in this order; after each, the policy is told whether the answer it gave was right."""
        verifier = Verifier(draws)
        engine = Engine(
            EngineParts(
                kinds=lambda _: KIND,
                policies=(policy,),
                tiers=tiers,
                pool=self._pool,
                ledger=Nothing(),
                overrides=Overrides(),
                checks=lambda _: verifier,
            )
        )
        costs, solved, frontier = ([0.0] * len(self.tasks) for _ in range(3))
        for at in order:
            task = self.tasks[at]
            outcome = await engine.run(task)
            costs[at] = outcome.cost or 0.0
            answer = outcome.answer
            right = answer is not None and draws.right[task.id, answer.model.name]
            solved[at] = float(right)
            frontier[at] = float(any(attempt.model.name == self._frontier for attempt in outcome.attempts))
            engine.note(Feedback(task_id=task.id, signal=Signal.TESTS, value=solved[at], at=0.0))
            await asyncio.sleep(0)  # a policy does its housekeeping between requests
        return Point(costs=tuple(costs), solved=tuple(solved), frontier=tuple(frontier))


def mean(points: Sequence[Point]) -> Point:
    """Return the average of several runs over the same tasks."""
    count = len(points)

    def average(rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
        return tuple(sum(column) / count for column in zip(*rows, strict=True))

    return Point(
        costs=average([point.costs for point in points]),
        solved=average([point.solved for point in points]),
        frontier=average([point.frontier for point in points]),
    )


def shuffled(count: int, seed: int) -> list[int]:
    """Return the tasks' numbers in an order of their own per seed."""
    order = list(range(count))
    Random(seed).shuffle(order)
    return order
