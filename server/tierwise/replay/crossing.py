"""Honest figures from one set of outcomes: learn from four fifths, replay the fifth, until every task was replayed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from .figures import Figures, measured
from .outcomes import Outcomes
from .run import Point
from .sweep import Setup, replay, rivals
from .tuning import learn

FOLDS = 5


def folds(outcomes: Outcomes, *, seed: int = 0, by: str | None = None) -> list[tuple[Outcomes, Outcomes]]:
    """Return pairs of outcomes to learn from and to replay; ``by`` keeps tasks together that share that fact."""
    numbers = _numbers(outcomes, seed, by)
    return [
        (
            replace(outcomes, tasks=tuple(t for t, n in zip(outcomes.tasks, numbers, strict=True) if n != fold)),
            replace(outcomes, tasks=tuple(t for t, n in zip(outcomes.tasks, numbers, strict=True) if n == fold)),
        )
        for fold in range(FOLDS)
    ]


def _numbers(outcomes: Outcomes, seed: int, by: str | None) -> list[int]:
    if by is None:
        numbers = [at % FOLDS for at in range(len(outcomes.tasks))]
        Random(seed).shuffle(numbers)
        return numbers
    groups: dict[object, int] = {}
    for task in outcomes.tasks:
        groups[task.facts.get(by)] = groups.get(task.facts.get(by), 0) + 1
    load, place = [0] * FOLDS, dict[object, int]()
    for group in sorted(groups, key=lambda group: -groups[group]):
        place[group] = load.index(min(load))
        load[place[group]] += groups[group]
    return [place[task.facts.get(by)] for task in outcomes.tasks]


def crossed(setup: Setup, *, seed: int = 0, by: str | None = None) -> Figures:
    """Return the figures of a replay whose every task was unknown to the policy that met it.

    The setup's outcomes may hold more models than its pool: all are learned from, only the pool is replayed.
    """
    parts: list[Mapping[float, Point]] = []
    others: list[Mapping[str, Sequence[Point]]] = []
    for known, unknown in folds(setup.outcomes, seed=seed, by=by):
        part = replace(setup, outcomes=unknown.of(setup.pool), memory=learn(known))
        parts.append(replay(part))
        others.append(rivals(part))
    knob = {calls: _joined([part[calls] for part in parts]) for calls in setup.knob}
    joined = {
        name: [_joined(row) for row in zip(*(other[name] for other in others), strict=True)] for name in others[0]
    }
    return measured(setup, knob, joined, baselines=True)


def _joined(points: Sequence[Point]) -> Point:
    return Point(
        costs=tuple(cost for point in points for cost in point.costs),
        solved=tuple(solved for point in points for solved in point.solved),
        frontier=tuple(asked for point in points for asked in point.frontier),
    )
