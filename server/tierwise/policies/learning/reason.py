"""A plan as a sentence with its numbers."""

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


def _saves(dollars: float) -> str:
    return f"saves ${dollars:.3f}" if dollars >= 0 else f"costs ${-dollars:.3f} more"
