"""An explanation as plain JSON values, for the terminal and the protocol alike."""

from dataclasses import asdict
from typing import Any

from tierwise.core.decision import Rung

from .explanation import Candidate, Explanation


def written(explanation: Explanation) -> dict[str, Any]:
    """Return the explanation as plain JSON values."""
    task, decision = explanation.task, explanation.decision
    return {
        "schema": 1,
        "task": {
            "kind": task.kind,
            "title": explanation.kind.title,
            "feature": task.feature,
            "language": str(decision.signals.get("language", task.language)),
            "checks": list(explanation.kind.checks),
        },
        "decision": {
            "policy": decision.policy,
            "reason": decision.reason,
            "confidence": decision.confidence,
            "ladder": [_rung(rung) for rung in decision.ladder],
            "signals": {name: value for name, value in decision.signals.items() if name != "root"},
        },
        "candidates": [_candidate(candidate) for candidate in explanation.candidates],
        "changes": [
            {"when": change.when, "ladder": list(change.ladder), "reason": change.reason}
            for change in explanation.changes
        ],
    }


def _rung(rung: Rung) -> dict[str, Any]:
    models = [model.ref for model in rung.models]
    return {"tier": rung.tier, "role": rung.role.value, "accept_at": rung.accept_at, "models": models}


def _candidate(candidate: Candidate) -> dict[str, Any]:
    price = candidate.model.price
    return {
        "tier": candidate.tier,
        "model": candidate.model.ref,
        "place": candidate.place,
        "price": asdict(price) if price else None,
        "tokens": {"input": candidate.input, "output": candidate.output},
        "cost": candidate.cost,
        "uncached": candidate.uncached,
        "cached": candidate.cached,
        "chance": candidate.chance,
        "outcomes": candidate.tries,
        "level": candidate.level or None,
        "levels": dict(candidate.levels),
        "barred": candidate.barred,
    }
