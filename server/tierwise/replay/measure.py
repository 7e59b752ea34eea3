"""How good a policy is: what it saves at equal quality, with intervals, and the literature's two-model measures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from .run import Point

Spot = tuple[float, float]
"""Cost and quality."""

LEVELS = (1.0, 0.99, 0.95)
"""Shares of always-frontier's quality at which a saving is measured: S100, S99, S95."""

RESAMPLES = 400
"""Bootstrap resamples: enough for a 95 % interval's ends to one point of saving."""


def saving(spots: Sequence[Spot], frontier: Spot, level: float) -> float:
    """Return the saving at ``level`` of the frontier's quality, as a share of its cost.

    It is one less the cheapest cost at which the spots, always-frontier and random mixes of them reach that quality; of
    a frontier that costs nothing, nothing can be saved.
    """
    if frontier[0] <= 0.0:
        return 0.0
    wanted = level * frontier[1] - 1e-12
    all_spots = [*spots, frontier]
    enough = [spot for spot in all_spots if spot[1] >= wanted]
    short = [spot for spot in all_spots if spot[1] < wanted]
    best = min(cost for cost, _ in enough)
    for high_cost, high in enough:
        for low_cost, low in short:
            if low_cost < high_cost:
                share = (wanted - low) / (high - low)
                best = min(best, share * high_cost + (1 - share) * low_cost)
    return 1.0 - best / frontier[0]


def savings(points: Sequence[Point], frontier: Point) -> tuple[float, ...]:
    """Return the saving at each of ``LEVELS``."""
    spots = [(point.cost, point.quality) for point in points]
    return tuple(saving(spots, (frontier.cost, frontier.quality), level) for level in LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def intervals(
    groups: Mapping[str, tuple[Sequence[Point], Point]], seed: int = 0
) -> tuple[Mapping[str, tuple[Interval, ...]], Callable[[str, str], tuple[Interval, ...]]]:
    """Return each group's intervals of its savings, and a function for those of the difference of two groups.

    A group is a policy's points and always-frontier's. All are resampled alike (paired bootstrap over tasks).
    """
    count = len(next(iter(groups.values()))[1].costs)
    draw = Random(seed)
    drawn: dict[str, list[tuple[float, ...]]] = {name: [] for name in groups}
    for _ in range(RESAMPLES):
        chosen = draw.choices(range(count), k=count)
        for name, (points, frontier) in groups.items():
            top = _spot(frontier, chosen)
            spots = [_spot(point, chosen) for point in points]
            drawn[name].append(tuple(saving(spots, top, level) for level in LEVELS))

    def between(left: str, right: str) -> tuple[Interval, ...]:
        pairs = zip(drawn[left], drawn[right], strict=True)
        return _ends([tuple(a - b for a, b in zip(mine, theirs, strict=True)) for mine, theirs in pairs])

    return {name: _ends(rows) for name, rows in drawn.items()}, between


def _spot(point: Point, chosen: Sequence[int]) -> Spot:
    costs, solved = point.costs, point.solved
    return sum([costs[at] for at in chosen]) / len(chosen), sum([solved[at] for at in chosen]) / len(chosen)


def _ends(rows: Sequence[tuple[float, ...]]) -> tuple[Interval, ...]:
    columns = [sorted(column) for column in zip(*rows, strict=True)]
    low, high = int(0.025 * len(rows)), int(0.975 * (len(rows) - 1))
    return tuple(Interval(low=column[low], high=column[high]) for column in columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoModels:
    """RouteLLM's measures for a weak and a strong model.

    ``apgr`` is the mean share of the quality gap recovered over all shares of strong calls; ``cpt50`` and ``cpt80`` the
    least share of strong calls that recovers half and four fifths of it, None where none does.
    """

    apgr: float
    cpt50: float | None
    cpt80: float | None


def two_models(points: Sequence[Point], weak: Point, strong: Point) -> TwoModels | None:
    """Return the measures, or None where the strong model is not better."""
    gap = strong.quality - weak.quality
    if gap <= 0.0:
        return None
    curve = sorted(
        {(0.0, 0.0), (1.0, 1.0), *((each.frontier_share, (each.quality - weak.quality) / gap) for each in points)}
    )
    rising: list[Spot] = []
    for share, gained in curve:
        rising.append((share, max(gained, rising[-1][1] if rising else 0.0)))
    area = sum((b - a) * (x + y) / 2 for (a, x), (b, y) in pairwise(rising))
    return TwoModels(apgr=area, cpt50=_least_share(rising, 0.5), cpt80=_least_share(rising, 0.8))


def _least_share(rising: Sequence[Spot], wanted: float) -> float | None:
    for (a, x), (b, y) in pairwise(rising):
        if y >= wanted:
            return a if x >= wanted else a + (b - a) * (wanted - x) / (y - x)
    return None
