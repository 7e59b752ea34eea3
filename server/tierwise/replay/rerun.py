"""The ledger's requests under another configuration: what their answers would have cost, as an estimate.

Each request is decided anew from the facts that its decision recorded. A model that was asked then does as it did then,
for what it cost then. Any other is taken to read and write the tokens of the answer that was given, at its own price,
and to pass with the share in which the ledger saw it pass. Calls of our own (triage, judges) are left out on both
sides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tierwise.core.decision import Decision
from tierwise.core.model import Tier
from tierwise.core.task import Task
from tierwise.ledger.history import Entry
from tierwise.tasks import UnknownKindError

from .climbing import answers_of, asked, climb, ladder_of, records_of, task_of, then_of, total_of


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


def rerun(entries: Sequence[Entry], decide: Callable[[Task], Decision], tiers: Mapping[str, Tier]) -> tuple[Line, ...]:
    """Return a line for each kind, the dearest first; ``decide`` and ``tiers`` are the other configuration's."""
    records = records_of(entries)
    lines: dict[str, Line] = {}
    for entry in entries:
        answers = answers_of(entry)
        if not answers:
            continue
        line = lines.setdefault(entry.kind, Line(kind=entry.kind))
        try:
            ladder = ladder_of(decide(task_of(entry)).ladder, tiers)
        except UnknownKindError:  # an action of the user's own that these settings do not have
            line.unknown += 1
            continue
        paid = total_of(attempt.cost for attempt in answers)
        would = climb(ladder, answers, records[entry.kind])
        if paid is None or would is None:
            line.unknown += 1
            continue
        line.requests += 1
        line.moved += bool(ladder) and next(asked(ladder, then_of(answers))).ref != answers[0].model
        line.paid += paid
        line.answered += entry.answered
        line.would += would[0]
        line.would_answer += would[1]
    return tuple(sorted(lines.values(), key=lambda line: (-line.paid, line.kind)))


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
