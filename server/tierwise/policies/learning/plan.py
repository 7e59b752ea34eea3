"""The search for the best ladder: what a solved task is worth against what each way to solve it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from .belief import Belief
from .curve import Sight
from .grid import dot, times


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The best way on: ``ladder`` indexes the sights that were searched, ``gain`` is expected worth less cost in
    dollars, ``chance`` that the task is solved in the end, ``cost`` in dollars. An empty ladder means: stop here.
    """

    ladder: tuple[int, ...]
    gain: float
    chance: float
    cost: float


def search(belief: Belief, sights: Sequence[Sight], worth: float, patience: float = 0.0) -> Plan:
    """Return the plan of the highest expected ``worth * P(solved) - cost - patience * seconds``.

    ``sights`` are the models that may still be asked, from cheap to dear; every increasing ladder of them is weighed,
    and after each rejection stopping with the best candidate is weighed against going on. Costs scale with the size
    that the task has shown so far.
    """
    mean, variance = belief.size()
    factors = [_size_factor(sight, mean, variance) for sight in sights]
    waits = [patience * sight.curve.seconds for sight in sights]
    rows = [_Row(sight, factor, wait) for sight, factor, wait in zip(sights, factors, waits, strict=True)]
    return _climb(belief.weights, belief.candidates, rows, 0, worth)


def cheapest(belief: Belief, sights: Sequence[Sight]) -> Plan:
    """Return the plan that asks the cheapest model alone: where none is worth its price, one must still answer."""
    at = min(range(len(sights)), key=lambda at: dot(belief.weights, sights[at].cost), default=None)
    if at is None:
        return Plan(ladder=(), gain=0.0, chance=0.0, cost=0.0)
    cost = dot(belief.weights, sights[at].cost)
    return Plan(ladder=(at,), gain=-cost, chance=dot(belief.weights, sights[at].solve), cost=cost)


def _size_factor(sight: Sight, mean: float, variance: float) -> float:
    load = sight.curve.size * (sight.curve.spread_right + sight.curve.spread_wrong) / 2
    return exp(load * mean - load * load * (1 - variance) / 2)


class _Row:
    __slots__ = ("factor", "sight", "wait")

    def __init__(self, sight: Sight, factor: float, wait: float) -> None:
        self.sight, self.factor, self.wait = sight, factor, wait


def _climb(
    reach: list[float], candidates: Sequence[Sequence[float]], rows: Sequence[_Row], start: int, worth: float
) -> Plan:
    """Weigh stopping here against each next rung; ``reach`` is the unnormalised belief that the climb gets here."""
    solved = max((dot(reach, candidate) for candidate in candidates), default=0.0)
    best = Plan(ladder=(), gain=worth * solved, chance=solved, cost=0.0)
    mass = sum(reach)
    for at in range(start, len(rows)):
        row = rows[at]
        sight = row.sight
        cost = row.factor * dot(reach, sight.cost) + row.wait * mass
        hit = dot(reach, sight.hit)
        if worth * mass - cost <= best.gain:
            continue  # even certain success would not pay
        rest = _climb(times(reach, sight.reject), (*candidates, sight.after_reject), rows, at + 1, worth)
        gain = worth * hit - cost + rest.gain
        if gain > best.gain:
            best = Plan(ladder=(at, *rest.ladder), gain=gain, chance=hit + rest.chance, cost=cost + rest.cost)
    return best
