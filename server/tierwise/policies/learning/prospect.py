"""What each tier promises for a task, and who says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from .grid import dot
from .levels import Levels
from .roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What one tier promises for a task: chance of a right answer, expected dollars, and how many tries say so.

    ``level`` says whose record speaks loudest (``own``, ``team``, or ``bundled`` where nobody tried it), ``levels`` how
    many tries each level knows of.
    """

    tier: str
    chance: float
    cost: float
    tries: float
    level: str
    levels: tuple[tuple[str, float], ...]


def prospects(
    roster: Roster, weights: Sequence[float], savings: Sequence[float], levels: Levels
) -> tuple[Prospect, ...]:
    """Return the tiers' prospects from cheap to dear, for a task whose difficulty is believed to have these weights.

    ``savings`` are the dollars that vendors' caches take off a call of each, empty where none does.
    """
    return tuple(
        Prospect(
            tier=sight.name,
            chance=dot(weights, sight.solve),
            cost=max(0.0, dot(weights, sight.cost) - saving),
            tries=sight.curve.tries,
            level=levels.speaker(model),
            levels=levels.tries(model),
        )
        for sight, model, saving in zip(
            roster.sights, roster.models, savings or (0.0,) * len(roster.sights), strict=True
        )
    )
