"""A plan as a sentence with its numbers."""

from collections.abc import Sequence

from tierwise.core.money import dollars

from .belief import Belief
from .grid import dot
from .levels import BUNDLED, OWN, TEAM, Levels
from .plan import Plan
from .roster import Roster


def reason(plan: Plan, belief: Belief, roster: Roster, levels: Levels, pressure: float = 0.0) -> str:
    """Return the plan as a sentence with its numbers and, where they are not the user's own, with who says so."""
    known = f"{roster.outcomes} outcomes{_others(levels)}"
    hurry = f" Money counts {1 + pressure:.1f} times: spending runs ahead of the budget." if pressure >= 0.1 else ""
    if not plan.ladder:
        return f"No further tier is worth its price here ({known}).{hurry}"
    first = roster.sights[plan.ladder[0]]
    chance = dot(belief.weights, first.solve)
    saved = dot(belief.weights, roster.sights[-1].cost) - plan.cost
    then = "".join(f", then {roster.tiers[at]}" for at in plan.ladder[1:])
    says = whose(levels.speaker(roster.models[plan.ladder[0]]))
    return f"{first.name} {chance:.2f}{says}{then}; {_saves(saved)} against {roster.tiers[-1]} alone, {known}.{hurry}"


def whose(level: str) -> str:
    """Return in brackets where a figure comes from, nothing where it comes from the user's own outcomes."""
    return {OWN: "", TEAM: " (the team's record)", BUNDLED: " (as its price suggests)"}[level]


def _others(levels: Levels) -> str:
    team = sum(level.memory.tasks for level in levels.behind if level.name == TEAM)
    return f", {team:.0f} of them the team's" if team >= 0.5 else ""


def told(roster: Roster, ladder: Sequence[int], savings: Sequence[float]) -> str:
    """Return what a vendor's cache does for the price of the models on the ladder, as a sentence that follows."""
    parts: list[str] = []
    for at in ladder if savings else ():
        saving, usual = savings[at], roster.sights[at].curve.mean_cost
        if saving:
            state = "warm" if saving > 0 else "cold"
            parts.append(
                f"{state} at {roster.tiers[at]}: {dollars(max(0.0, usual - saving), 4)} instead of {dollars(usual, 4)}"
            )
    return f" Cache {'; '.join(parts)}." if parts else ""


def _saves(amount: float) -> str:
    return f"saves {dollars(amount, 3)}" if amount >= 0 else f"costs {dollars(-amount, 3)} more"
