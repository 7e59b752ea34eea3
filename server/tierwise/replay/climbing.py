"""A request's way up another ladder: what it would have cost, by what the ledger saw."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tierwise.core.decision import Role, Rung
from tierwise.core.model import IN_PROCESS, Model, Tier
from tierwise.core.reply import Usage
from tierwise.core.task import Task
from tierwise.ledger.history import Entry, Tried

_VERDICTS = ("accepted", "rejected")
"""Results that say what an answer was worth; others say that there was none."""

PRIOR, BELIEF = 0.9, 4.0
"""Chance that a model passes before it was tried, and how many tries that belief is worth."""


@dataclass(slots=True)
class Record:
    """What the ledger saw of one kind."""

    tries: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    passed: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    tokens: list[Usage] = field(default_factory=list[Usage])

    def chance(self, model: Model) -> float:
        """Return how likely the model passes; the workspace itself is not believed beyond what it has shown."""
        prior = 0.0 if model.provider == IN_PROCESS else PRIOR
        return (self.passed[model.ref] + prior * BELIEF) / (self.tries[model.ref] + BELIEF)

    @property
    def usual(self) -> Usage | None:
        """The tokens of its median answer."""
        return sorted(self.tokens, key=lambda usage: usage.output)[len(self.tokens) // 2] if self.tokens else None


def answers_of(entry: Entry) -> tuple[Tried, ...]:
    """Return the calls that were to answer, in their order; triage and judges are left out."""
    return tuple(attempt for attempt in entry.attempts if attempt.role == Role.ANSWER)


def records_of(entries: Iterable[Entry]) -> dict[str, Record]:
    """Return what was seen of each kind; of a kind that was not seen, an empty record."""
    found: dict[str, Record] = defaultdict(Record)
    for entry in entries:
        record = found[entry.kind]
        for attempt in answers_of(entry):
            if attempt.result not in _VERDICTS:
                continue
            record.tries[attempt.model] += 1
            record.passed[attempt.model] += attempt.result == "accepted"
            if attempt.called:
                record.tokens.append(attempt.usage)
    return found


def task_of(entry: Entry) -> Task:
    """Return the request as policies see it: its recorded facts win over all that a task says itself."""
    return Task(id=entry.task, kind=entry.kind, feature=entry.feature, facts=dict(entry.signals))


def ladder_of(rungs: Sequence[Rung], tiers: Mapping[str, Tier]) -> list[tuple[Model, ...]]:
    """Return the models of each rung that may answer, in the order in which they stand in for each other."""
    found = (
        rung.models or (tiers[rung.tier].models if rung.tier in tiers else ())
        for rung in rungs
        if rung.role is Role.ANSWER
    )
    return [models for models in found if models]


def climb(ladder: Sequence[Sequence[Model]], answers: Sequence[Tried], record: Record) -> tuple[float, float] | None:
    """Return the expected dollars of the climb and the chance of an answer, None where they cannot be told.

    Models that are in ``answers`` do as they did there; without any, all is told by the record.
    """
    then = then_of(answers)
    given = next((attempt.usage for attempt in reversed(answers) if attempt.called), record.usual)
    total, reached = 0.0, 1.0
    for model in asked(ladder, then):
        known = then.get(model.ref)
        cost, passes = (
            (known.cost, float(known.result == "accepted")) if known else (_price(model, given), record.chance(model))
        )
        if cost is None:
            return None
        total += reached * cost
        reached *= 1.0 - passes
        if not reached:
            break
    return total, 1.0 - reached


def asked(ladder: Sequence[Sequence[Model]], then: Mapping[str, Tried]) -> Iterator[Model]:
    """Yield who is asked: of each rung those who were asked then, as others of it may have been ill; else its first."""
    for models in ladder:
        known = [model for model in models if model.ref in then]
        yield from known
        if not any(then[model.ref].result in _VERDICTS for model in known):
            yield from [model for model in models if model not in known][:1]


def _price(model: Model, usage: Usage | None) -> float | None:
    if model.provider == IN_PROCESS:
        return 0.0
    return None if model.price is None or usage is None else model.price.of(usage)


def then_of(answers: Iterable[Tried]) -> dict[str, Tried]:
    """Return what became of each model that was asked."""
    return {attempt.model: attempt for attempt in answers}


def total_of(costs: Iterable[float | None]) -> float | None:
    """Return the dollars together, None where any is unknown."""
    total = 0.0
    for cost in costs:
        if cost is None:
            return None
        total += cost
    return total
