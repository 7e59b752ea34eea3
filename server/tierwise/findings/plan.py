"""What a scan would ask: the units that nobody has looked at yet, the most valuable first, and what that costs."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.model import Model
from tierwise.core.prompt import CHARACTERS_PER_TOKEN
from tierwise.core.reply import Usage
from tierwise.core.task import Task

from .asking import Asker
from .finding import Concern
from .store import Store
from .survey import Skipped, Survey, path_of
from .units import Unit

if TYPE_CHECKING:
    from tierwise.engine import Engine

PER_CALL = 12_000
"""Characters of units in one first question: about 3,500 tokens, where the instructions are a fifth of the prompt."""
MOST_UNITS = 24
"""Units in one first question; a model that looks at more at once overlooks more."""

INSTRUCTIONS = 1_200
"""Tokens of the instructions, the signatures and the schema."""
SAID = 120
"""Tokens of a usual first answer: most name nothing or one suspect."""
SUSPECTED = 0.4
"""Share of first questions that lead to a second one: an assumption, high so that the estimate is rather too high."""
SECOND = Usage(input=8_000, output=500)
"""A usual second question: a file of a thousand lines at the most, and two verdicts."""

CHANGED, FOUND = 8.0, 2.0
"""What a changed unit and a file with findings are worth, where each doubling of uses and of commits is worth one."""

_WORD = re.compile(r"[A-Za-z_]\w{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One first question: the keys of units of one document. The text is read again when it is asked."""

    uri: str
    keys: frozenset[str]
    characters: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """About what a plan costs; ``dollars`` None where a price is unknown. Tokens are all, in and out."""

    calls: int
    tokens: int
    dollars: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Jobs in the order of their worth; ``known`` units cost nothing, because they were looked at before."""

    jobs: tuple[Job, ...]
    units: int
    known: int
    documents: int
    skipped: Mapping[Skipped, int]
    places: Mapping[str, tuple[tuple[str, str], ...]]
    """Where names are defined: URI and unit key by the name's last part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What makes a unit worth looking at beside its use: lines changed by path, commits by path; ``only`` those lines
    are looked at where it is true.
    """

    changed: Mapping[Path, frozenset[int]] = field(default_factory=dict[Path, frozenset[int]])
    churn: Mapping[Path, int] = field(default_factory=dict[Path, int])
    only: bool = False


@dataclass(slots=True)
class _Draft:
    uri: str
    units: list[tuple[str, str, int, bool]]
    """Of each unit that is new: key, name, characters, whether it changed."""
    found: bool
    commits: int


def plan(
    survey: Survey,
    store: Store,
    concerns: Collection[Concern],
    interest: Interest,
    paths: Iterable[Path] | None = None,
    mark: str = "",
) -> Plan:
    """Return what is to be asked by a profile of that mark; reads the workspace, so it is for threads."""
    uses: Counter[str] = Counter()
    places: dict[str, list[tuple[str, str]]] = {}
    drafts: list[_Draft] = []
    seen: set[str] = set()
    total = known_units = documents = 0
    for document, units in survey.units(paths):
        documents += 1
        path = path_of(document.uri)
        uses.update(set(words(str(document.text))))
        for unit in units:
            if unit.name:
                places.setdefault(unit.name.rpartition(".")[2], []).append((unit.uri, unit.key))
        wanted = [unit for unit in units if not interest.only or _is_changed(unit, interest.changed.get(path))]
        known = store.known((unit.key for unit in wanted), concerns, mark)
        total += len(wanted)
        known_units += sum(unit.key in known for unit in wanted)
        new = [unit for unit in wanted if unit.key not in known and unit.key not in seen]
        seen.update(unit.key for unit in new)
        if new:
            facts = [
                (unit.key, unit.name, len(unit.text), _is_changed(unit, interest.changed.get(path))) for unit in new
            ]
            found = any(known.values())
            drafts.append(_Draft(document.uri, facts, found, interest.churn.get(path, 0)))
    jobs = sorted((job for draft in drafts for job in _jobs(draft, uses)), key=lambda job: -job.value)
    return Plan(
        jobs=tuple(jobs),
        units=total,
        known=known_units,
        documents=documents,
        skipped=dict(survey.skipped),
        places={name: tuple(found) for name, found in places.items()},
    )


def affordable(planned: Plan, told: Estimate, dollars: float | None, tokens: int | None) -> int:
    """Return how many of the plan's jobs, the first ones, an estimate of the whole finds within both limits.

    None is no limit. Of jobs of unknown price as many as the tokens allow, for nobody knows better.
    """
    shares = [1.0]
    if dollars is not None and told.dollars:
        shares.append(dollars / told.dollars)
    if tokens is not None and told.tokens:
        shares.append(tokens / told.tokens)
    room = min(shares) * sum(job.characters for job in planned.jobs)
    count = 0
    for job in planned.jobs:
        room -= job.characters
        if room < -0.5:  # a half of a character is what the shares are rounded by
            break
        count += 1
    return count


def estimate(
    planned: Plan,
    engine: "Engine",
    asker: Asker,
    sample: Document | None,
    units: Sequence[Unit],
    suspected: float = SUSPECTED,
) -> Estimate:
    """Return about what the plan costs, by the prices of the models that would be asked first.

    ``sample`` with some of its units stands for all: who is asked is decided as for it. ``suspected`` is the share of
    first questions that lead to a second one.
    """
    calls = len(planned.jobs)
    each = _each(planned, sample)
    around = each.input if asker.profile.deep else INSTRUCTIONS
    read = sum(around + int(job.characters / CHARACTERS_PER_TOKEN) for job in planned.jobs)
    kinds = [kind for kind in (asker.profile.first, asker.profile.second) if kind]
    second = round(calls * suspected) if asker.profile.second else 0
    usage = Usage(input=read, output=calls * SAID)
    if not calls:
        return Estimate(calls=0, tokens=0, dollars=0.0)
    tokens = usage.total + second * each.total
    if sample is None or not units:
        return Estimate(calls=calls + second, tokens=tokens, dollars=None)
    first = asker.triage_task(sample, units)
    models = [_model(engine, first, kind) for kind in kinds]
    prices = [model and (model.batched if asker.patient else model).price for model in models]
    cheap, dear = prices[0], prices[-1]
    dollars = None if cheap is None or dear is None else cheap.of(usage) + second * dear.of(each)
    return Estimate(calls=calls + second, tokens=tokens, dollars=dollars)


def _each(planned: Plan, sample: Document | None) -> Usage:
    """Return the usage of a question that shows a whole file: of the only one there is, or of a usual one."""
    if planned.documents > 1 or sample is None:
        return SECOND
    shown = INSTRUCTIONS + int(len(str(sample.text)) / CHARACTERS_PER_TOKEN)
    return replace(SECOND, input=min(SECOND.input, shown))


def words(text: str) -> list[str]:
    """Return the names that a text uses, as often as they stand there."""
    return _WORD.findall(text)


def _model(engine: "Engine", task: Task, kind: str) -> Model | None:
    ladder = engine.decide(replace(task, kind=kind)).ladder
    if not ladder:
        return None
    tier = engine.parts.tiers.get(ladder[0].tier)
    return next(iter(ladder[0].models or (tier.models if tier else ())), None)


def _jobs(draft: _Draft, uses: Mapping[str, int]) -> Iterable[Job]:
    """Yield the draft's units in questions of bounded size, the most valuable together."""
    base = log2(1 + draft.commits) + (FOUND if draft.found else 0.0)
    valued = [
        (base + (CHANGED if changed else 0.0) + log2(1 + uses.get(name.rpartition(".")[2], 0)), key, size)
        for key, name, size, changed in draft.units
    ]
    batch: list[tuple[float, str, int]] = []
    for value, key, size in sorted(valued, reverse=True):
        full = sum(each[2] for each in batch) + size > PER_CALL or len(batch) == MOST_UNITS
        if batch and full:
            yield _job(draft.uri, batch)
            batch = []
        batch.append((value, key, size))
    yield _job(draft.uri, batch)


def _job(uri: str, batch: Sequence[tuple[float, str, int]]) -> Job:
    return Job(
        uri=uri,
        keys=frozenset(key for _, key, _ in batch),
        characters=sum(size for _, _, size in batch),
        value=max(value for value, _, _ in batch),
    )


def _is_changed(unit: Unit, lines: frozenset[int] | None) -> bool:
    return lines is not None and any(unit.first <= line <= unit.last for line in lines)
