"""The rules policy: the first rule whose conditions all hold gives the ladder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tierwise.core.decision import Decision, Rung
from tierwise.core.model import Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Fact, Task, TaskKind

from .facts import facts

LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Conditions on a task's facts and the ladder to climb where they all hold.

    ``any_of`` maps a fact to the values it may have, ``over`` and ``under`` map a fact to a bound it must exceed or
    stay below. ``reason`` is a sentence in which ``{fact}`` stands for the fact's value.
    """

    name: str
    ladder: tuple[str, ...]
    reason: str
    any_of: Mapping[str, tuple[Fact, ...]]
    over: Mapping[str, float]
    under: Mapping[str, float]

    def holds(self, known: Mapping[str, Fact]) -> bool:
        """Whether every condition is met; a fact that is not known meets none."""
        return (
            all(known.get(fact) in values for fact, values in self.any_of.items())
            and all(_number(known, fact) > bound for fact, bound in self.over.items())
            and all(_number(known, fact, float("inf")) < bound for fact, bound in self.under.items())
        )


class Rules:
    """Decides by the user's rules; a tier without models is replaced by its neighbour, and the reason says so."""

    def __init__(self, rules: Sequence[Rule], accept_at: float = 0.8) -> None:
        self._rules = tuple(rules)
        self._accept_at = accept_at

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return the ladder of the first rule that holds; after a rejection the ladder simply goes on."""
        if attempts:
            return None
        known = facts(task, kind)
        rule = next((rule for rule in self._rules if rule.holds(known)), None)
        if rule is None:
            return None
        ladder, note = _available(rule.ladder, tiers, offline=kind.offline)
        if not ladder:
            return None
        return Decision(
            policy="rules",
            ladder=tuple(Rung(tier=name, accept_at=self._accept_at) for name in ladder),
            reason=rule.reason.format_map(_Spoken(known)) + note,
            signals={**known, "rule": rule.name},
        )

    def learn(self, outcome: Outcome) -> None:
        """Rules are the user's own and learn nothing."""

    def note(self, feedback: Feedback) -> None:
        """Rules are the user's own and learn nothing."""


class _Spoken(dict[str, Fact]):
    def __missing__(self, key: str) -> str:
        return f"({key} unknown)"


def _number(known: Mapping[str, Fact], fact: str, otherwise: float = float("-inf")) -> float:
    value = known.get(fact)
    return float(value) if isinstance(value, int | float) else otherwise


def _available(wanted: Sequence[str], tiers: Mapping[str, Tier], *, offline: bool) -> tuple[list[str], str]:
    """Replace tiers that have no models: by the next dearer one, or where there is none, by the next cheaper one.

    Where there is no model at all, the workspace itself answers the kinds that it can answer ``offline``.
    """
    filled = [name for name, tier in tiers.items() if tier.models]
    order = list(tiers)
    ladder: list[str] = []
    notes: list[str] = []
    for name in wanted:
        stand_in = name if name in filled else _nearest(name, order, filled)
        if stand_in is None and offline and LOCAL in filled:
            stand_in = LOCAL
        if stand_in is None:
            continue
        if stand_in != name:
            notes.append(f"{name} has no models, so {stand_in} answers")
        if stand_in not in ladder:
            ladder.append(stand_in)
    return ladder, f" ({'; '.join(notes)})" if notes else ""


def _nearest(name: str, order: Sequence[str], filled: Sequence[str]) -> str | None:
    models = [tier for tier in filled if tier != LOCAL]  # the workspace's own predictions cannot stand in for a model
    if name not in order:
        return models[-1] if models else None
    at = order.index(name)
    dearer = [tier for tier in order[at + 1 :] if tier in models]
    cheaper = [tier for tier in order[:at] if tier in models]
    return dearer[0] if dearer else cheaper[-1] if cheaper else None
