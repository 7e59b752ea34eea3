"""What looking for defects is worth: which findings are true, how many defects were found, at which cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tierwise.evaluation.summary import wilson
from tierwise.findings.known import Placed

from .cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One look at one file. ``found`` is whether the defect that is in it was found, ``named`` whether as the concern
    it is; ``false`` counts findings about anything else, ``repeated`` further ones about the same.
    """

    case: Case
    flawed: bool
    found: bool
    named: bool
    false: int
    repeated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a way of looking brought on all files that were answered.

    ``true`` counts defects found, of ``flawed`` files with one; ``clean`` files had none; ``false`` counts findings of
    anything else, ``crying`` clean files with at least one; ``dollars`` is None where a price is unknown.
    """

    flawed: int
    clean: int
    true: int
    named: int
    false: int
    repeated: int
    crying: int
    calls: int
    tokens: int
    dollars: float | None
    seconds: float
    by_concern: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """Defects found and defects there by concern."""

    @property
    def precision(self) -> float | None:
        """The share of findings that are true; None where there are none."""
        total = self.true + self.false
        return self.true / total if total else None

    @property
    def recall(self) -> float | None:
        """The share of defects that were found; None where there were none."""
        return self.true / self.flawed if self.flawed else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where either is, 0 where nothing was found."""
        precision, recall = self.precision, self.recall
        if recall is None or (precision is None and recall > 0):
            return None
        return 2 * precision * recall / (precision + recall) if precision and recall else 0.0

    @property
    def per_true(self) -> float | None:
        """Dollars for each true finding; None where there is none or a price is unknown."""
        return self.dollars / self.true if self.dollars is not None and self.true else None

    @property
    def precision_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the precision."""
        total = self.true + self.false
        return wilson(self.true, total) if total else None

    @property
    def recall_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the recall."""
        return wilson(self.true, self.flawed) if self.flawed else None


def marks(case: Case, flawed: bool, found: Sequence[Placed]) -> Marks:
    """Grade what was found in one file."""
    hits = [each for each in found if flawed and _means(each, case)]
    return Marks(
        case=case,
        flawed=flawed,
        found=bool(hits),
        named=any(each.finding.concern is case.concern for each in hits),
        false=len(found) - len(hits),
        repeated=max(0, len(hits) - 1),
    )


def summed(graded: Iterable[Marks], calls: int, tokens: int, dollars: float | None, seconds: float) -> Sum:
    """Add up what one way of looking brought."""
    every = list(graded)
    flawed, clean = [each for each in every if each.flawed], [each for each in every if not each.flawed]
    there = Counter(str(each.case.concern) for each in flawed)
    found = Counter(str(each.case.concern) for each in flawed if each.found)
    return Sum(
        flawed=len(flawed),
        clean=len(clean),
        true=sum(each.found for each in flawed),
        named=sum(each.named for each in flawed),
        false=sum(each.false for each in every),
        repeated=sum(each.repeated for each in every),
        crying=sum(each.false > 0 for each in clean),
        calls=calls,
        tokens=tokens,
        dollars=dollars,
        seconds=seconds,
        by_concern={name: (found[name], count) for name, count in sorted(there.items())},
    )


def _means(placed: Placed, case: Case) -> bool:
    lines = range(placed.span.start.line, placed.span.end.line + 1)
    return not case.near.isdisjoint(lines)
