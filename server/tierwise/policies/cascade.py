"""The cascade policy: where an answer can be checked, cheap tiers try first and dearer ones follow while it fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.strict import json_object
from tierwise.core.task import Fact, Task, TaskKind

from .rules import Rules

WEAK = frozenset({"not_empty", "changes_something", "applies", "repeats"})
"""Checks that a wrong answer passes as easily as a right one: a kind with no others is not worth a cascade."""

CHEAP, GOOD = 0.25, 0.75
"""Where the dial between cost (0) and quality (1) changes what the cascade does."""

FIRST_TOKEN, SPEED = 2.0, 50.0
"""Seconds until an answer begins and tokens per second from then on: what hosted models of the middle class do. They
bound how many rungs the time of an interactive request allows."""

NEEDS = ("simple", "normal", "hard")
"""What triage may answer, from the cheapest tier to the dearest."""

FREE_FORM = "free_form"
"""The fact that the user wrote the instruction in his own words, for kinds that do not say so themselves: its length
and kind tell little of how hard it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What the user wants of the cascade.

    ``dial`` goes from 0 (cheap) to 1 (good). ``accept_at`` is the quality an answer must reach; ``thresholds`` sets it
    by kind and tier, where ``*`` stands for every tier. ``triage`` lets a fast model be asked first where facts do not
    decide. ``deadline`` returns the seconds a task's feature allows.
    """

    dial: float = 0.5
    accept_at: float = 0.8
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    triage: bool = True
    deadline: Callable[[Task, TaskKind], float] = lambda _task, kind: kind.deadline

    def threshold(self, kind: str, tier: str) -> float:
        """Return the quality at which an answer of this tier is good enough for this kind."""
        own = self.thresholds.get(kind, {})
        return own.get(tier, own.get("*", self.accept_at))


class Cascade:
    """Lays the ladder around the tier that the rules name.

    ``provable`` says whether something hard (types, tests, a build) can judge an answer to the task; only then a tier
    below the rules' own goes first, because a check that sees little lets a cheap wrong answer through.
    """

    def __init__(
        self, rules: Rules, stance: Stance | None = None, provable: Callable[[Task, TaskKind], bool] | None = None
    ):
        self._rules = rules
        self._stance = stance or Stance()
        self._provable = provable

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return a ladder where the kind can be checked; after triage, the rest of it by what triage said."""
        if not checkable(kind):
            return None
        if attempts:
            return self._after_triage(task, kind, tiers, attempts)
        home = self._rules.decide(task, kind, tiers)
        if home is None or not home.ladder:
            return None
        models = [name for name, tier in tiers.items() if tier.models and name != "local"]
        at = home.ladder[0].tier
        if len(home.ladder) > 1 or at not in models:
            return None  # a ladder that somebody wrote, or a tier that is not one to climb from
        ladder = self._ladder(task, kind, models, models.index(at))
        triage = self._triage(task, kind, home, models)
        if len(ladder) < 2 and not triage:
            return None
        reason = f"{home.reason} {self._sentence(at, ladder, triage)}"
        return Decision(
            policy="cascade", ladder=(*triage, *ladder), reason=reason, signals={**home.signals, "home": at}
        )

    def learn(self, outcome: Outcome) -> None:
        """Thresholds are the user's own and learn nothing."""

    def note(self, feedback: Feedback) -> None:
        """Thresholds are the user's own and learn nothing."""

    def _ladder(self, task: Task, kind: TaskKind, models: list[str], home: int) -> tuple[Rung, ...]:
        """Return the rungs from where the dial lets it begin to where it lets it end, as many as there is time for."""
        dial = self._stance.dial
        first, last = home, len(models) - 1
        if dial <= CHEAP:
            first, last = 0, home
        elif dial < GOOD and self._provable is not None and self._provable(task, kind):
            first = 0
        names = models[first : last + 1]
        if kind.interactive:
            output = kind.output if task.expected_output is None else task.expected_output
            rungs = int(self._stance.deadline(task, kind) / (FIRST_TOKEN + output / SPEED))
            names = names[: max(1, rungs)]
        return tuple(Rung(tier=name, accept_at=self._stance.threshold(kind.name, name)) for name in names)

    def _triage(self, task: Task, kind: TaskKind, home: Decision, models: list[str]) -> tuple[Rung, ...]:
        """Return the rung that asks first: only for words of the user's own, where no fact named the dearest tier."""
        own_words = task.facts.get(FREE_FORM) is True or (kind.wants_instruction and bool(task.instruction.strip()))
        asked = self._stance.triage and own_words and len(models) > 1
        return (Rung(tier=models[0], role=Role.TRIAGE),) if asked and home.ladder[0].tier != models[-1] else ()

    def _after_triage(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...]
    ) -> Decision | None:
        """Return the ladder from the tier that triage names; None where it said nothing that we understand."""
        found = triaged(attempts[-1])
        models = [name for name, tier in tiers.items() if tier.models and name != "local"]
        if found is None or not models:
            return None
        need, meant = found
        start = round((len(models) - 1) * NEEDS.index(need) / (len(NEEDS) - 1))
        ladder = tuple(Rung(tier=name, accept_at=self._stance.threshold(kind.name, name)) for name in models[start:])
        signals: dict[str, Fact] = {"triage": need, "triage_kind": meant}
        reason = f"Triage calls the task {need}, so {ladder[0].tier} begins."
        return Decision(policy="cascade", ladder=ladder, reason=reason, signals=signals)

    def _sentence(self, home: str, ladder: tuple[Rung, ...], triage: tuple[Rung, ...]) -> str:
        if triage:
            return f"{triage[0].tier} is asked first how hard it is."
        names = " > ".join(rung.tier for rung in ladder)
        if ladder[0].tier != home:
            return f"The answer can be checked, so cheaper tiers try first: {names}."
        return f"The answer can be checked: {names} while it fails."


def checkable(kind: TaskKind) -> bool:
    """Whether some check of the kind can tell a wrong answer."""
    return any(check not in WEAK for check in kind.checks)


def triaged(attempt: Attempt) -> tuple[str, str] | None:
    """Return what triage said, as one of ``NEEDS`` and a kind or an empty string; None for prose or another role."""
    if attempt.role is not Role.TRIAGE or attempt.reply is None:
        return None
    told = json_object(attempt.reply.text) or {}
    need, meant = told.get("need"), told.get("kind")
    if need not in NEEDS:
        return None
    return str(need), meant if isinstance(meant, str) else ""
