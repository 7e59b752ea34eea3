"""Recorded outcomes as lessons for the learned policy."""

from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.study import Case, Trial, study
from tierwise.policies.learning.traits import traits

from .outcomes import Outcomes, Recorded


def learn(outcomes: Outcomes) -> Memory:
    """Return what the learned policy makes of the outcomes."""
    return study([_case(recorded) for recorded in outcomes.tasks])


def _case(recorded: Recorded) -> Case:
    return Case(
        traits=traits(recorded.facts),
        trials=tuple(
            Trial(model=model, solved=result.solved, cost=result.cost, seconds=result.seconds)
            for model, result in recorded.results.items()
        ),
    )
