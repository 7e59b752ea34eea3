"""What a policy has to beat on the same tasks under the same verifier's luck: ladders not chosen for the task."""

from collections.abc import Sequence
from itertools import combinations

from .outcomes import Outcomes
from .run import Point
from .stage import Draws


def climb(outcomes: Outcomes, ladder: Sequence[str], draws: Draws, frontier: str) -> Point:
    """Return what one ladder does to every task: it stops at the first answer that passes and keeps the last one."""
    costs: list[float] = []
    solved: list[float] = []
    asked: list[float] = []
    for recorded in outcomes.tasks:
        cost, right, reached = 0.0, False, False
        for model in ladder:
            cost += recorded.results[model].cost
            right = draws.right[recorded.task, model]
            reached |= model == frontier
            if draws.passed[recorded.task, model]:
                break
        costs.append(cost)
        solved.append(float(right))
        asked.append(float(reached))
    return Point(costs=tuple(costs), solved=tuple(solved), frontier=tuple(asked))


def ladders(pool: Sequence[str]) -> list[tuple[str, ...]]:
    """Return every ladder that keeps the pool's order."""
    return [chosen for length in range(1, len(pool) + 1) for chosen in combinations(pool, length)]


def bound(outcomes: Outcomes, pool: Sequence[str], draws: Draws, frontier: str) -> Point:
    """Return what knowing beforehand who solves a task would do: the cheapest solver, or else the cheapest model."""
    costs: list[float] = []
    solved: list[float] = []
    asked: list[float] = []
    for recorded in outcomes.tasks:
        able = [model for model in pool if draws.right[recorded.task, model]]
        model = min(able or pool, key=lambda name: recorded.results[name].cost)
        costs.append(recorded.results[model].cost)
        solved.append(float(bool(able)))
        asked.append(float(model == frontier))
    return Point(costs=tuple(costs), solved=tuple(solved), frontier=tuple(asked))
