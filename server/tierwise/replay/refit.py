"""What the user's own word on answers says of the checks: how far they can be believed, and where they cannot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tierwise.ledger.history import Entry, Tried
from tierwise.policies.learning.gate import BINS, bin_of, threshold, upper_bound
from tierwise.policies.learning.memory import Memory

from .climbing import answers_of
from .lessons import ACCEPT_AT, solved, told

TARGET, SURE = 0.1, 0.9
"""Answers of a tier to a kind may fail so often, said with so much confidence: 22 of which none failed suffice."""

ENDS = 0.975
"""Confidence of each end of an interval: both together leave 5 %."""


@dataclass(slots=True)
class Record:
    """Answers that were used and of which the user told, by tenth of the quality that checks saw in them."""

    tries: list[float] = field(default_factory=lambda: [0.0] * BINS)
    wrong: list[float] = field(default_factory=lambda: [0.0] * BINS)

    def add(self, quality: float, right: bool) -> None:
        """Count an answer."""
        self.tries[bin_of(quality)] += 1
        self.wrong[bin_of(quality)] += not right


def refit(memory: Memory, entries: Sequence[Entry]) -> None:
    """Add the checks' error rates, and for every kind and model how often its answers failed.

    Only answers of which the user told count. A gate's outcomes all go into its lowest tenth: what was predicted for
    them at the time is not known, so that they speak for the kind as a whole.
    """
    for entry in entries:
        word = told(entry.feedback)
        if word is None:
            continue
        for attempt in answers_of(entry):
            if attempt.verdicts:
                _judge(memory.verifier, solved(attempt, word), attempt.quality >= ACCEPT_AT)
        given = _given(entry)
        if given is not None:
            gate = f"{entry.kind}|{given.model.partition('/')[2]}"
            sums = memory.gates.setdefault(gate, [0.0] * (2 * BINS))
            sums[0] += 1.0
            sums[BINS] += not word


def _judge(verifier: list[float], right: float, passed: bool) -> None:
    verifier[0] += right
    verifier[1] += 0.0 if passed else right
    verifier[2] += 1.0 - right
    verifier[3] += 1.0 - right if passed else 0.0


def _given(entry: Entry) -> Tried | None:
    return next((attempt for attempt in reversed(entry.attempts) if attempt.result == "accepted"), None)


def records(entries: Sequence[Entry]) -> dict[tuple[str, str], Record]:
    """Return the records by kind and tier."""
    found: dict[tuple[str, str], Record] = {}
    for entry in entries:
        word, given = told(entry.feedback), _given(entry)
        if word is not None and given is not None:
            found.setdefault((entry.kind, given.tier), Record()).add(given.quality, word)
    return found


def page(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what the user's word says of the checks, and what thresholds it suggests; nothing of it is applied."""
    found = records(entries)
    tries, wrong = sum(sum(each.tries) for each in found.values()), sum(sum(each.wrong) for each in found.values())
    if not tries:
        yield "Nothing is known yet of what became of answers, so that the checks are believed in nine of ten cases."
        return
    low, high = 1.0 - upper_bound(tries - wrong, tries, ENDS), upper_bound(wrong, tries, ENDS)
    share = f"{wrong / tries:.1%} [{low:.1%}, {high:.1%}]"
    yield f"Of {tries:.0f} answers you told of, {wrong:.0f} were wrong although they passed: {share}."
    for (kind, tier), record in sorted(found.items()):
        yield from _proposal(kind, tier, record)


def _proposal(kind: str, tier: str, record: Record) -> Iterator[str]:
    opened = threshold(record.tries, record.wrong, TARGET, SURE)
    tried, failed = sum(record.tries), sum(record.wrong)
    below = bin_of(opened or 0.0)
    low, low_wrong = sum(record.tries[:below]), sum(record.wrong[:below])
    if opened is not None and opened > ACCEPT_AT and low_wrong > TARGET * low:
        yield (
            f"Proposal: routing.thresholds.{kind}.{tier} = {opened:g}: below that, {low_wrong:.0f} of its {low:.0f} "
            f"answers were wrong although they passed, above it {failed - low_wrong:.0f} of {tried - low:.0f}."
        )
    elif opened is None and 1.0 - upper_bound(tried - failed, tried, SURE) > TARGET:
        yield (
            f"Proposal: begin above {tier} for {kind} (tasks.{kind}.tier): {failed:.0f} of its {tried:.0f} answers "
            f"were wrong although they passed."
        )
