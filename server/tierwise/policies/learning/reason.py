"""A plan as a sentence with its numbers."""

from collections.abc import Sequence

from .belief import Belief
from .grid import dot
from .plan import Plan
from .roster import Roster


def reason(plan: Plan, belief: Belief, roster: Roster) -> str:
    """Return the plan as a sentence with its numbers."""
    known = f"{roster.outcomes} outcomes"
    if not plan.ladder:
        return f"No further tier is worth its price here ({known})."
    first = roster.sights[plan.ladder[0]]
    chance = dot(belief.weights, first.solve)
    saved = dot(belief.weights, roster.sights[-1].cost) - plan.cost
    then = "".join(f", then {roster.tiers[at]}" for at in plan.ladder[1:])
    return f"{first.name} {chance:.2f}{then}; {_saves(saved)} against {roster.tiers[-1]} alone, {known}."


def told(roster: Roster, ladder: Sequence[int], savings: Sequence[float]) -> str:
    """Return what a vendor's cache does for the price of the models on the ladder, as a sentence that follows."""
    parts: list[str] = []
    for at in ladder if savings else ():
        saving, usual = savings[at], roster.sights[at].curve.mean_cost
        if saving:
            state = "warm" if saving > 0 else "cold"
            parts.append(f"{state} at {roster.tiers[at]}: ${max(0.0, usual - saving):.4f} instead of ${usual:.4f}")
    return f" Cache {'; '.join(parts)}." if parts else ""


def _saves(dollars: float) -> str:
    return f"saves ${dollars:.3f}" if dollars >= 0 else f"costs ${-dollars:.3f} more"
