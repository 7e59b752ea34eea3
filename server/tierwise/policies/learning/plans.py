"""Plans, kept while nothing that they rest on has changed, and made again before anyone asks when it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from .levels import Levels
from .pace import Pace
from .plan import Plan, cheapest, search
from .reason import reason
from .roster import History, Roster
from .stance import Stance

REHEARSED = 64
"""Plans made again at once when curves were fitted, the latest asked for first: nobody waits for those."""

WORTH_STEP = 0.05
"""A change of the worth below this share does not move plans."""

CACHE_STEP, CACHE_MOST = 0.25, 3
"""What a vendor's prompt cache saves is weighed in steps of this share of a model's usual call, up to so many of them:
plans are kept for each, and finer ones would only be made anew more often.
"""

_Warmth = tuple[int, ...]
"""For each model how many steps its cache takes off a call, below 0 where it adds some; empty where none does."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and ``why``; ``keep`` is the tier whose answer so far is likeliest right, ``start`` where the plan was to
    start.
    """

    plan: Plan
    why: str
    keep: str
    start: int


class Plans:
    """The plans of one policy; ``patience`` is what a second is worth in dollars to whoever asks next."""

    def __init__(self, stance: Stance, levels: Levels, pace: Pace | None) -> None:
        self.patience: float = stance.patience
        self._stance, self._levels, self._pace = stance, levels, pace
        self._kept: dict[tuple[History, _Warmth], Planned] = {}
        self._worth = 0.0
        self._made_for: float = stance.patience

    def renew(self, roster: Roster) -> None:
        """Forget all plans and make those again that were asked for of late."""
        wanted, self._kept = self._kept, {}
        cold = [(history, planned.start) for (history, warmth), planned in wanted.items() if not warmth]
        for history, start in cold[-REHEARSED:]:
            if len(history) == 1:  # what facts are worth moves a little with every fit
                self.best(roster, ((history[0] or 0) - 1,))
                self.best(roster, ((history[0] or 0) + 1,))
            if all(at is None or at < len(roster.sights) for at in history[1::3]):
                self.best(roster, history, start)

    def best(self, roster: Roster, history: History, start: int = 0, savings: Sequence[float] = ()) -> Planned:
        """Return the plan from ``start`` on, where caches save so many dollars a call."""
        worth = self._stance.worth_of_task(roster.dearest, self._pace)
        if abs(worth - self._worth) > WORTH_STEP * self._worth or self.patience != self._made_for:
            self._worth, self._made_for = worth, self.patience
            self._kept.clear()
        warmth = _warmth(roster, savings) if savings else ()
        found = self._kept.get((history, warmth))
        if found is None:
            found = self._kept[history, warmth] = self._made(roster, history, start, warmth)
        return found

    def _made(self, roster: Roster, history: History, start: int, warmth: _Warmth) -> Planned:
        belief = roster.belief(history)
        weighed = [CACHE_STEP * n * at.curve.mean_cost for n, at in zip(warmth, roster.sights, strict=False)]
        plan = search(belief, roster.sights, self._worth, self.patience, start, weighed)
        if not plan.ladder and not belief.candidates:
            plan = cheapest(belief, roster.sights)
        best = max(range(len(belief.candidates)), key=belief.chance, default=None)
        keep = "" if best is None else roster.tiers[history[3 * best + 1] or 0]
        pressure = self._pace.pressure if self._pace is not None else 0.0
        return Planned(plan, reason(plan, belief, roster, self._levels, pressure), keep, start)


def _warmth(roster: Roster, savings: Sequence[float]) -> _Warmth:
    found = tuple(
        [
            max(-CACHE_MOST, min(CACHE_MOST, round(saving / (CACHE_STEP * sight.curve.mean_cost))))
            if saving and sight.curve.mean_cost
            else 0
            for saving, sight in zip(savings, roster.sights, strict=True)
        ]
    )
    return found if any(found) else ()
