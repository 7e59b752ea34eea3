"""The search for the best ladder: what a solved task is worth against what each way to solve it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from .belief import Belief
from .curve import Sight
from .grid import dot, times

_Row = tuple[Sight, float, float]
"""A model, the factor of its cost for the task's size, and what a call costs beside that as a share of the worth: the
wait for it, less what a warm cache saves.
"""

Climb = tuple[float, float, float, tuple[int, ...]]
"""Expected gain, chance of success and cost in dollars of the rest of a ladder, and its rungs: an inner loop's Plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The best way on: ``ladder`` indexes the sights, ``gain`` is expected worth less cost in
    dollars, ``chance`` that the task is solved in the end, ``cost`` in dollars. An empty ladder means: stop here.
    """

    ladder: tuple[int, ...]
    gain: float
    chance: float
    cost: float


def search(
    belief: Belief,
    sights: Sequence[Sight],
    worth: float,
    patience: float = 0.0,
    start: int = 0,
    savings: Sequence[float] = (),
) -> Plan:
    """Return the plan of the highest expected ``worth * P(solved) - cost - patience * seconds``.

    ``sights`` are the models from cheap to dear; every increasing ladder of those from ``start`` on is weighed,
    and after each rejection stopping with the best candidate is weighed against going on. Costs scale with the size
    that the task has shown so far; ``savings`` are the dollars that a model's cache takes off each call.
    """
    precision = belief.size_precision
    mean, variance = belief.size_sum / precision, 1 / precision
    rows = [
        (sight, _size_factor(sight, mean, variance), (patience * sight.curve.seconds - saving) / worth)
        for sight, saving in zip(sights[start:], savings[start:] or (0.0,) * (len(sights) - start), strict=True)
    ]
    masses = [dot(belief.weights, candidate) for candidate in belief.candidates]
    solved = max(masses, default=0.0)
    kept = belief.candidates[masses.index(solved)] if masses else None
    gain, chance, cost, ladder = _climb(belief.weights, 1.0, kept, solved, rows, 0, worth)
    return Plan(ladder=tuple([start + at for at in ladder]), gain=gain, chance=chance, cost=cost)


def cheapest(belief: Belief, sights: Sequence[Sight]) -> Plan:
    """Return the plan that asks the cheapest model alone: where none is worth its price, one must still answer."""
    sight = sights[0]
    cost = dot(belief.weights, sight.cost)
    return Plan(ladder=(0,), gain=-cost, chance=dot(belief.weights, sight.solve), cost=cost)


def _size_factor(sight: Sight, mean: float, variance: float) -> float:
    load = sight.curve.size * (sight.curve.spread_right + sight.curve.spread_wrong) / 2
    return exp(load * mean - load * load * (1 - variance) / 2)


def _climb(
    reach: list[float],
    mass: float,
    kept: list[float] | None,
    solved: float,
    rows: Sequence[_Row],
    start: int,
    worth: float,
) -> Climb:
    """Weigh stopping here against each next rung.

    ``reach`` is the unnormalised belief that the climb gets here and ``mass`` its sum, ``kept`` the best candidate so
    far and ``solved`` its mass; a candidate once behind is not looked at again.
    """
    best_gain, most = worth * solved, worth * mass
    best: Climb = (best_gain, solved, 0.0, ())
    above = len(rows) - 1
    for at in range(start, len(rows)):
        sight, factor, wait = rows[at]
        cost = max(0.0, factor * dot(reach, sight.cost) + wait * most)
        if most - cost <= best_gain:
            continue  # even certain success would not pay
        right = dot(reach, sight.solve)
        mine = right * sight.false_reject
        hit = right - mine
        rest = mass - hit - sight.false_accept * (mass - right)
        if worth * (hit + (max(mine, solved) if at == above else rest)) - cost <= best_gain:
            continue  # nor if all that is rejected here were solved in the end
        rejected = times(reach, sight.reject)
        old = dot(rejected, kept) if kept else 0.0
        candidate, left = (sight.after_reject, mine) if mine >= old else (kept, old)
        if at == above:
            gain, chance, paid, ladder = worth * left, left, 0.0, ()
        else:
            gain, chance, paid, ladder = _climb(rejected, rest, candidate, left, rows, at + 1, worth)
        gain += worth * hit - cost
        if gain > best_gain:
            best_gain, best = gain, (gain, hit + chance, cost + paid, (at, *ladder))
    return best
