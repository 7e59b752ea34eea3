"""Where to look for an answer where all who should have given it failed."""

from collections.abc import Iterable, Mapping

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import Tier
from tierwise.core.options import Options
from tierwise.core.task import Task, TaskKind

UNASKED = frozenset(
    {
        "inline_completion",
        "completion",
        "hover",
        "signature_help",
        "code_lens",
        "inlay_hint",
        "document_link",
        "diagnostics",
        "semantic_tokens",
    }
)
"""Features that an editor asks for by itself, at every key or glance: an empty answer costs the user nothing there, one
from a dear model costs money nobody meant to spend. Where the user chose an action, no answer is what costs."""

LOCAL = "local"
"""The tier that guesses from the workspace; it completes and does nothing else."""


def direction(task: Task, options: Options, decision: Decision) -> str:
    """Return ``up``, ``down`` or ``none``: what the user set, else nothing for a pin, else what suits the feature."""
    if options.fallback is not None:
        return options.fallback
    if decision.policy == "override":
        return "none"  # whoever names who shall answer may do so to keep the code from all others
    return "down" if task.feature in UNASKED else "up"


def detour(towards: str, kind: TaskKind, decision: Decision, tiers: Mapping[str, Tier]) -> tuple[Rung, ...]:
    """Return the rungs to try after the ladder failed: the dearer ones first where it goes up, then the cheaper ones,
    the nearest first, and last the local tier for what it can do.
    """
    tried = {rung.tier for rung in decision.ladder}
    order = [name for name, tier in tiers.items() if tier.models]
    models = [name for name in order if name != LOCAL]
    places = [models.index(name) for name in tried if name in models]
    if towards == "none" or not decision.ladder:
        return ()
    top, bottom = max(places, default=-1), min(places, default=0)
    above = models[top + 1 :] if towards == "up" else []
    ways: Iterable[str] = (*above, *reversed(models[:bottom]), *_local(kind, order))
    return tuple(_rung(name, decision) for name in ways if name not in tried)


def _local(kind: TaskKind, order: list[str]) -> list[str]:
    return [LOCAL] if LOCAL in order and kind.form == "insertion" else []


def _rung(tier: str, decision: Decision) -> Rung:
    answers = [rung.accept_at for rung in decision.ladder if rung.role is Role.ANSWER]
    return Rung(tier=tier, accept_at=min(answers, default=0.0))
