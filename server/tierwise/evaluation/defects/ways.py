"""The ways of looking that are compared: one look by a cheap model, one by the strongest, both stages, the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tierwise.checks import NOWHERE, Site
from tierwise.core.decision import Decision, Rung
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Task, TaskKind
from tierwise.engine import Engine
from tierwise.findings.finding import Concern
from tierwise.findings.profiles import AUDIT, SINGLE, STANDARD, Profile

CHEAP, STRONG, FRONTIER = "fast", "mid", "frontier"
"""Tiers: who looks first, who confirms, who is the best there is."""


class NoModelError(Exception):
    """A tier that is to be measured has no model; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A profile and who answers its kinds of task."""

    name: str
    profile: Profile
    models: Mapping[str, tuple[str, Model]]
    """Tier and model by kind of task."""

    def looks_for(self, concern: Concern) -> bool:
        """Whether it is meant to find such defects; an audit looks for holes only."""
        return concern in self.profile.concerns

    def engine(self, engine: Engine) -> Engine:
        """Return an engine like this one in which these models answer, and no answer is given again."""
        return Engine(replace(engine.parts, policies=(Appointed(self.models),), site=_nowhere, shared=None))


def ways(tiers: Mapping[str, Tier]) -> tuple[Way, ...]:
    """Return the ways with the tiers' first models; raises ``NoModelError``."""
    first = {name: tiers[name].models[0] for name in (CHEAP, STRONG, FRONTIER) if name in tiers and tiers[name].models}
    lacking = [name for name in (CHEAP, STRONG, FRONTIER) if name not in first]
    if lacking:
        raise NoModelError(f"no model serves {' and '.join(lacking)} (`tierwise models` says who serves what).")
    single = SINGLE.first
    best = (FRONTIER, first[FRONTIER])
    both = {STANDARD.first: (CHEAP, first[CHEAP]), STANDARD.second: (STRONG, first[STRONG])}
    return (
        Way(name=f"one stage, {CHEAP}", profile=SINGLE, models={single: (CHEAP, first[CHEAP])}),
        Way(name=f"one stage, {FRONTIER}", profile=SINGLE, models={single: best}),
        Way(name=f"two stages, {CHEAP} and {STRONG}", profile=STANDARD, models=both),
        Way(name=f"audit, {FRONTIER}", profile=AUDIT, models=dict.fromkeys((AUDIT.first, AUDIT.second), best)),
    )


class Appointed:
    """A policy that lets one model answer each kind of task."""

    def __init__(self, models: Mapping[str, tuple[str, Model]]) -> None:
        self._models = models

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return a ladder of one rung."""
        if attempts or task.kind not in self._models:
            return None
        tier, model = self._models[task.kind]
        return Decision(
            policy="eval", ladder=(Rung(tier=tier, models=(model,)),), reason=f"{model.ref} is being measured."
        )

    def learn(self, outcome: Outcome) -> None:
        """Learn nothing."""

    def note(self, feedback: Feedback) -> None:
        """Learn nothing."""


def _nowhere(_task: Task) -> Site:
    """Nothing of a seeded file is ever run."""
    return NOWHERE
