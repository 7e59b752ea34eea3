"""Recorded outcomes as lessons for the learned policy, and what those lessons say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from tierwise.policies.learning.curve import fit
from tierwise.policies.learning.gate import upper_bound
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.study import Case, Trial, study
from tierwise.policies.learning.traits import tilts, traits

from .outcomes import Outcomes, Recorded

CONFIDENCE = 0.975
"""Of each end of an interval: both together leave 5 %."""


def learn(outcomes: Outcomes) -> Memory:
    """Return what the learned policy makes of the outcomes."""
    return study(cases(outcomes))


def cases(outcomes: Outcomes) -> tuple[Case, ...]:
    """Return the outcomes as cases."""
    return tuple(_case(recorded) for recorded in outcomes.tasks)


def _case(recorded: Recorded) -> Case:
    return Case(
        traits=traits(recorded.facts),
        trials=tuple(
            Trial(model=model, solved=result.solved, cost=result.cost, seconds=result.seconds)
            for model, result in recorded.results.items()
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What the outcomes say of one model: share solved and dollars a task, each with a 95 % interval."""

    model: str
    tries: int
    solved: float
    solved_low: float
    solved_high: float
    cost: float
    cost_error: float
    ability: float


def lessons(memory: Memory, told: Sequence[Case]) -> list[Lesson]:
    """Return the lessons, the cheapest model first."""
    found: dict[str, list[Trial]] = {}
    for case in told:
        for trial in case.trials:
            found.setdefault(trial.model, []).append(trial)
    rows = [_lesson(memory, model, trials) for model, trials in found.items()]
    return sorted(rows, key=lambda lesson: lesson.cost)


def _lesson(memory: Memory, model: str, trials: Sequence[Trial]) -> Lesson:
    tries = len(trials)
    right = sum(trial.solved for trial in trials)
    costs = [trial.cost for trial in trials if trial.cost is not None]
    mean = sum(costs) / len(costs) if costs else 0.0
    spread = sqrt(sum((cost - mean) ** 2 for cost in costs) / max(1, len(costs) - 1))
    return Lesson(
        model=model,
        tries=tries,
        solved=right / tries,
        solved_low=1.0 - upper_bound(tries - right, tries, CONFIDENCE),
        solved_high=upper_bound(right, tries, CONFIDENCE),
        cost=mean,
        cost_error=1.96 * spread / sqrt(max(1, len(costs))),
        ability=fit(memory.track(model)).ability,
    )


def page(memory: Memory, told: Sequence[Case]) -> Iterator[str]:
    """Yield what was learned, line by line."""
    yield f"{len(told)} tasks"
    yield f"{'model':<34}{'tries':>6}  {'solved':>24}  {'$ a task':>22}  {'ability':>7}"
    for row in lessons(memory, told):
        solved = f"{row.solved:.1%} [{row.solved_low:.1%}, {row.solved_high:.1%}]"
        cost = f"{row.cost:.4f} +- {row.cost_error:.4f}"
        yield f"{row.model:<34}{row.tries:>6}  {solved:>24}  {cost:>22}  {row.ability:>7.2f}"
    yield from _proposals(memory, told)


def _proposals(memory: Memory, told: Sequence[Case]) -> Iterator[str]:
    """Yield in words what the outcomes suggest; nothing of it is applied."""
    rows = lessons(memory, told)
    for row in rows:
        better = next((other for other in rows if other.cost <= row.cost and other.solved_low > row.solved_high), None)
        if better is not None:
            yield f"Proposal: do without {row.model}: {better.model} costs no more and solves more."
    for fact, table in sorted(tilts(memory).items()):
        hardest = sorted(table, key=lambda value: -table[value])
        if table[hardest[0]] > 0.25:
            yield f"Proposal: begin higher where {fact} is {hardest[0]}: such tasks are harder than most."
        if table[hardest[-1]] < -0.25:
            yield f"Proposal: begin lower where {fact} is {hardest[-1]}: such tasks are easier than most."
