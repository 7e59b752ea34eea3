"""What learning from the ledger's earlier days would have changed on its last ones, which it has not seen.

The estimate is doubly robust (Dudík, Langford and Li, "Doubly robust policy evaluation and learning", ICML 2011). Each
request is first judged by what the earlier days say of its models. Where the ladder taken is the one that would be
taken, what really happened corrects that, weighed by one over the chance with which the ladder was taken: below one
only where a learned policy explored. It is right where either the judgement or those chances are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from tierwise import tasks
from tierwise.core.decision import Decision
from tierwise.core.model import Model, Tier
from tierwise.ledger.history import Entry
from tierwise.policies.learned import Learned
from tierwise.policies.learning.stance import Stance
from tierwise.policies.learning.study import study

from .climbing import answers_of, climb, ladder_of, records_of, task_of, total_of
from .lessons import cases_of

EARLIER = 0.8
"""Share of the requests that is learned from; the rest is held out."""

FEWEST = 30
"""Requests that must be held out: fewer say nothing."""

LEAST_CHANCE = 0.05
"""Chances below it count as so much, or a single lucky request would decide (weight clipping)."""

NORMAL = 1.96
"""Standard errors on each side of a 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A change per request with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Mean":
        """Return the mean of at least two samples."""
        value, error = fmean(samples), stdev(samples) / sqrt(len(samples))
        return cls(value=value, low=value - NORMAL * error, high=value + NORMAL * error)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """``moved`` of the ``requests`` would have taken another ladder; ``cost`` (dollars) and ``answered`` (a share) are
    what would have changed for a request, on average, from ``paid`` and ``solved``.
    """

    learned_from: int
    requests: int
    moved: int
    paid: float
    solved: float
    cost: Mean
    answered: Mean


def held_out(entries: Sequence[Entry], tiers: Mapping[str, Tier]) -> HeldOut | None:
    """Return what would have changed, None where too little was recorded; ``entries`` are the oldest first."""
    cut = int(len(entries) * EARLIER)
    earlier, later = entries[:cut], entries[cut:]
    known = cases_of(earlier)
    if not known:
        return None
    policy, records = Learned(study(known), Stance(eager=True)), records_of(earlier)
    changes: list[_Change] = []
    for entry in later:
        decision = _decide(policy, entry, tiers)
        paid = total_of(attempt.cost for attempt in answers_of(entry))
        if decision is None or paid is None or not answers_of(entry):
            continue
        then, now = _recorded(entry, tiers), ladder_of(decision.ladder, tiers)
        before, after = climb(then, (), records[entry.kind]), climb(now, (), records[entry.kind])
        if before is not None and after is not None:
            changes.append(_Change.of(entry, paid, then == now, before, after))
    if len(changes) < FEWEST:
        return None
    return HeldOut(
        learned_from=len(earlier),
        requests=len(changes),
        moved=sum(change.moved for change in changes),
        paid=fmean(change.paid for change in changes),
        solved=fmean(change.solved for change in changes),
        cost=Mean.of([change.cost - change.paid for change in changes]),
        answered=Mean.of([change.answered - change.solved for change in changes]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One request: what was paid and whether it was solved, and the estimates of both under the policy."""

    moved: bool
    paid: float
    solved: float
    cost: float
    answered: float

    @classmethod
    def of(
        cls, entry: Entry, paid: float, same: bool, before: tuple[float, float], after: tuple[float, float]
    ) -> "_Change":
        weight = 1.0 / _chance(entry) if same else 0.0
        solved = float(entry.answered)
        return cls(
            moved=not same,
            paid=paid,
            solved=solved,
            cost=after[0] + weight * (paid - before[0]),
            answered=after[1] + weight * (solved - before[1]),
        )


def _decide(policy: Learned, entry: Entry, tiers: Mapping[str, Tier]) -> Decision | None:
    try:
        kind = tasks.load(entry.kind)
    except tasks.UnknownKindError:
        return None
    return policy.decide(task_of(entry), kind, tiers)


def _recorded(entry: Entry, tiers: Mapping[str, Tier]) -> list[tuple[Model, ...]]:
    """Return the ladder that was taken, with the models that its tiers have now."""
    names = [step.tier for step in entry.ladder if step.role == "answer"]
    return [tiers[name].models for name in names if name in tiers and tiers[name].models]


def _chance(entry: Entry) -> float:
    chance = entry.signals.get("probability", 1.0) if entry.policy == "learned" else 1.0
    return max(LEAST_CHANCE, float(chance))


def page(found: HeldOut | None) -> Iterator[str]:
    """Yield the lines of a page."""
    if found is None:
        yield f"Held out: too little was recorded to tell what would have changed ({FEWEST} later requests are needed)."
        return
    yield (
        f"Held out: learned from the first {found.learned_from} requests, tried on {found.requests} later ones; "
        f"{found.moved} of these would have taken another ladder."
    )
    cost, answered = found.cost, found.answered
    yield (f"  $ a request: {found.paid:.5f}, would change by {cost.value:+.5f} [{cost.low:+.5f}, {cost.high:+.5f}]")
    yield (
        f"  answered: {found.solved:.1%}, would change by {answered.value:+.1%} "
        f"[{answered.low:+.1%}, {answered.high:+.1%}]"
    )
