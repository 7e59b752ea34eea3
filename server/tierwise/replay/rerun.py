"""The ledger's requests under another configuration: what their answers would have cost, as an estimate.

Each request is decided anew from the facts that its decision recorded. A model that was asked then does as it did then,
for what it cost then. Any other is taken to read and write the tokens of the answer that was given, at its own price,
and to pass with the share in which the ledger saw it pass. Calls of our own (triage, judges) are left out on both
sides.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import Model, Tier
from tierwise.core.reply import Usage
from tierwise.core.task import Task
from tierwise.ledger.history import Entry, Tried

LOCAL = "local"

_VERDICTS = ("accepted", "rejected")
"""Results that say what an answer was worth; others say that there was none."""

PRIOR, BELIEF = 0.9, 4.0
"""Chance that a model passes before it was tried, and how many tries that belief is worth."""


@dataclass(slots=True, kw_only=True)
class Line:
    """Requests of one kind: ``moved`` would be asked of another model first; ``paid`` and ``would`` are dollars, of the
    ``requests`` only, and so many of them were ``answered`` and ``would_answer``. ``unknown`` requests are in neither:
    a price or the tokens of an answer are not known.
    """

    kind: str
    requests: int = 0
    moved: int = 0
    paid: float = 0.0
    would: float = 0.0
    answered: int = 0
    would_answer: float = 0.0
    unknown: int = 0


@dataclass(slots=True)
class _Record:
    """What the ledger saw of one kind."""

    tries: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    passed: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    tokens: list[Usage] = field(default_factory=list[Usage])

    def chance(self, model: Model) -> float:
        """Return how likely the model passes; the workspace itself is not believed beyond what it has shown."""
        prior = 0.0 if model.provider == LOCAL else PRIOR
        return (self.passed[model.ref] + prior * BELIEF) / (self.tries[model.ref] + BELIEF)

    @property
    def usual(self) -> Usage | None:
        """The tokens of its median answer."""
        return sorted(self.tokens, key=lambda usage: usage.output)[len(self.tokens) // 2] if self.tokens else None


def rerun(entries: Sequence[Entry], decide: Callable[[Task], Decision], tiers: Mapping[str, Tier]) -> tuple[Line, ...]:
    """Return a line for each kind, the dearest first; ``decide`` and ``tiers`` are the other configuration's."""
    records = _records(entries)
    lines: dict[str, Line] = {}
    for entry in entries:
        answers = _answers(entry)
        if not answers:
            continue
        line = lines.setdefault(entry.kind, Line(kind=entry.kind))
        ladder = _ladder(decide(_task(entry)).ladder, tiers)
        paid = _sum(attempt.cost for attempt in answers)
        would = _climb(ladder, answers, records[entry.kind])
        if paid is None or would is None:
            line.unknown += 1
            continue
        line.requests += 1
        line.moved += bool(ladder) and next(_asked(ladder, _then(answers))).ref != answers[0].model
        line.paid += paid
        line.answered += entry.answered
        line.would += would[0]
        line.would_answer += would[1]
    return tuple(sorted(lines.values(), key=lambda line: (-line.paid, line.kind)))


def _answers(entry: Entry) -> tuple[Tried, ...]:
    return tuple(attempt for attempt in entry.attempts if attempt.role == Role.ANSWER)


def _records(entries: Iterable[Entry]) -> dict[str, _Record]:
    found: dict[str, _Record] = defaultdict(_Record)
    for entry in entries:
        record = found[entry.kind]
        for attempt in _answers(entry):
            if attempt.result not in _VERDICTS:
                continue
            record.tries[attempt.model] += 1
            record.passed[attempt.model] += attempt.result == "accepted"
            if attempt.called:
                record.tokens.append(attempt.usage)
    return found


def _task(entry: Entry) -> Task:
    """Return the request as policies see it: its recorded facts win over all that a task says itself."""
    return Task(id=entry.task, kind=entry.kind, feature=entry.feature, facts=dict(entry.signals))


def _ladder(rungs: Sequence[Rung], tiers: Mapping[str, Tier]) -> list[tuple[Model, ...]]:
    """Return the models of each rung that may answer, in the order in which they stand in for each other."""
    found = (
        rung.models or (tiers[rung.tier].models if rung.tier in tiers else ())
        for rung in rungs
        if rung.role is Role.ANSWER
    )
    return [models for models in found if models]


def _climb(ladder: Sequence[Sequence[Model]], answers: Sequence[Tried], record: _Record) -> tuple[float, float] | None:
    """Return the expected dollars of the climb and the chance of an answer, None where they cannot be told."""
    then = _then(answers)
    given = next((attempt.usage for attempt in reversed(answers) if attempt.called), record.usual)
    total, reached = 0.0, 1.0
    for model in _asked(ladder, then):
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


def _asked(ladder: Sequence[Sequence[Model]], then: Mapping[str, Tried]) -> Iterator[Model]:
    """Yield who is asked: of each rung those who were asked then, as others of it may have been ill; else its first."""
    for models in ladder:
        known = [model for model in models if model.ref in then]
        yield from known
        if not any(then[model.ref].result in _VERDICTS for model in known):
            yield from [model for model in models if model not in known][:1]


def _price(model: Model, usage: Usage | None) -> float | None:
    if model.provider == LOCAL:
        return 0.0
    return None if model.price is None or usage is None else model.price.of(usage)


def _then(answers: Iterable[Tried]) -> dict[str, Tried]:
    return {attempt.model: attempt for attempt in answers}


def _sum(costs: Iterable[float | None]) -> float | None:
    total = 0.0
    for cost in costs:
        if cost is None:
            return None
        total += cost
    return total


def page(lines: Sequence[Line], under: str) -> list[str]:
    """Return the lines of a page; ``under`` names the other configuration."""
    whole = _together(lines)
    wide = max(len(line.kind) for line in (*lines, whole))
    rows = [f"{'kind':{wide}}  requests  moved  answered  would be      paid  would cost"]
    for line in (*lines, whole):
        change = f"{(line.would - line.paid) / line.paid:+.0%}" if line.paid else ""
        rows.append(
            f"{line.kind:{wide}}  {line.requests:8}  {line.moved:5}  {line.answered:8}  {line.would_answer:8.1f}"
            f"  {line.paid:8.4f}  {line.would:10.4f}  {change}".rstrip()
        )
    notes = [
        "",
        f"What the answers would have cost under {under}, in dollars, as an estimate.",
        "Models that were asked then do as they did then. Others take the tokens of the answer that was given and pass",
        "as often as this ledger saw them pass. Moved: another model would be asked first.",
    ]
    if whole.unknown:
        notes.append(f"Left out: {whole.unknown} requests of which a price or the tokens of an answer are not known.")
    return [*rows, *notes]


def _together(lines: Sequence[Line]) -> Line:
    return Line(
        kind="all",
        requests=sum(line.requests for line in lines),
        moved=sum(line.moved for line in lines),
        paid=sum(line.paid for line in lines),
        would=sum(line.would for line in lines),
        answered=sum(line.answered for line in lines),
        would_answer=sum(line.would_answer for line in lines),
        unknown=sum(line.unknown for line in lines),
    )
