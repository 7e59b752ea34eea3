"""The override policy: what the user pinned for a feature or a task kind wins over everything."""

from collections.abc import Callable, Mapping

from tierwise.core.decision import Decision, Rung
from tierwise.core.model import Model, Tier
from tierwise.core.options import NONE, Narrower, Options, Overrides
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Task, TaskKind

from .facts import facts


class Override:
    """Decides where a tier or a model is pinned and leaves all else to the next policy.

    ``find`` turns a ``provider/name`` into a model, or None where its provider is not configured.
    """

    def __init__(self, overrides: Overrides, find: Callable[[str], Model | None]) -> None:
        self._overrides = overrides
        self._find = find

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return the pinned model or tier as a ladder of one rung."""
        if attempts:
            return None
        options = self._overrides.of(task)
        scope = self._scope(task)
        if options.model:
            model = self._find(options.model)
            if model is not None:
                rung = Rung(tier=_tier_of(model, tiers), models=(model,))
                return self._decision(rung, f"You set {scope} to {model.ref}.", task, kind)
        if options.tier and options.tier in tiers and tiers[options.tier].models:
            return self._decision(Rung(tier=options.tier), f"You set {scope} to the {options.tier} tier.", task, kind)
        return None

    def learn(self, outcome: Outcome) -> None:
        """A pin does not learn."""

    def note(self, feedback: Feedback) -> None:
        """A pin does not learn."""

    def _scope(self, task: Task) -> str:
        pinned = self._overrides.tasks.get(task.kind)
        if pinned is not None and _pins(pinned):
            return f"tasks.{task.kind}"
        scopes = [scope for scope in self._overrides.narrower if scope.holds(task)]
        where = next((_place(scope) for scope in reversed(scopes) if _pins(scope.features.get(task.feature, NONE))), "")
        return f"features.{task.feature}{where}"

    def _decision(self, rung: Rung, reason: str, task: Task, kind: TaskKind) -> Decision:
        return Decision(policy="override", ladder=(rung,), reason=reason, signals=facts(task, kind))


def _pins(options: Options) -> bool:
    return bool(options.tier or options.model)


def _place(scope: Narrower) -> str:
    named = (f" in {scope.language}" if scope.language else "", f" below {scope.folder}" if scope.folder else "")
    return "".join(named)


def _tier_of(model: Model, tiers: Mapping[str, Tier]) -> str:
    return next((name for name, tier in tiers.items() if model in tier.models), "pinned")
