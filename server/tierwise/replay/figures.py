"""A replay's figures, as JSON and as a page of text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from .measure import LEVELS, Interval, TwoModels, intervals, savings, two_models
from .run import Point
from .sweep import Setup, replay, rivals

OURS = "tierwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a policy saves at each of ``measure.LEVELS`` of always-frontier's quality, with 95 % intervals; shares."""

    name: str
    savings: tuple[float, ...]
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is said about one replay: ``knob`` maps what a task is worth (in calls of the dearest model) to a point,
    ``lead`` is the interval of what the policy saves beyond the best fixed sub-chains.
    """

    setup: Setup
    knob: Mapping[float, Point]
    frontier: Point
    saved: tuple[Saved, ...]
    lead: tuple[Interval, ...]
    two: TwoModels | None

    def to_json(self) -> dict[str, object]:
        """Return the figures as plain values; money in dollars a task, shares in [0, 1]."""
        return {
            "pool": list(self.setup.pool),
            "tasks": len(self.setup.outcomes.tasks),
            "seeds": self.setup.seeds,
            "verifier": {
                "false_accept": self.setup.noise.false_accept,
                "false_reject": self.setup.noise.false_reject,
            },
            "policy": "tuned" if self.setup.memory else "online from cold",
            "estimated_costs": self.setup.outcomes.estimated,
            "always_frontier": {"cost": self.frontier.cost, "quality": self.frontier.quality},
            "knob": [
                {"calls": calls, "cost": point.cost, "quality": point.quality, "frontier_share": point.frontier_share}
                for calls, point in self.knob.items()
            ],
            "saved": {each.name: _saved_json(each) for each in self.saved},
            "lead_over_best_fixed_sub_chains": [asdict(interval) for interval in self.lead],
            "two_models": asdict(self.two) if self.two else None,
        }


def _saved_json(saved: Saved) -> dict[str, object]:
    return {
        f"S{level * 100:.0f}": {"saving": saving, **asdict(interval)}
        for level, saving, interval in zip(LEVELS, saved.savings, saved.intervals, strict=True)
    }


def figures(setup: Setup, *, baselines: bool) -> Figures:
    """Replay and measure; ``baselines`` adds what the policy has to beat."""
    return measured(setup, replay(setup), rivals(setup), baselines=baselines)


def measured(
    setup: Setup, knob: Mapping[float, Point], others: Mapping[str, Sequence[Point]], *, baselines: bool
) -> Figures:
    """Measure the points of a policy and of its rivals."""
    frontier = others[f"always {setup.frontier}"][0]
    shown = others if baselines else {name: others[name] for name in ("best fixed sub-chains + mix",)}
    groups = {OURS: (list(knob.values()), frontier), **{name: (points, frontier) for name, points in shown.items()}}
    ends, between = intervals(groups)
    return Figures(
        setup=setup,
        knob=knob,
        frontier=frontier,
        saved=tuple(
            Saved(name=name, savings=savings(points, top), intervals=ends[name])
            for name, (points, top) in groups.items()
        ),
        lead=between(OURS, "best fixed sub-chains + mix"),
        two=_two(setup, knob, others),
    )


def _two(setup: Setup, knob: Mapping[float, Point], others: Mapping[str, Sequence[Point]]) -> TwoModels | None:
    if len(setup.pool) != 2:
        return None
    weak, strong = (others[f"always {model}"][0] for model in setup.pool)
    return two_models(list(knob.values()), weak, strong)


def page(found: Figures) -> Iterator[str]:
    """Yield the figures line by line."""
    setup = found.setup
    estimated = " (costs are estimated)" if setup.outcomes.estimated else ""
    yield f"{' > '.join(setup.pool)}: {len(setup.outcomes.tasks)} tasks, {setup.seeds} seeds{estimated}"
    yield (
        f"verifier: {setup.noise.false_accept:.0%} false accepts, {setup.noise.false_reject:.0%} false rejects; "
        f"policy: {'tuned' if setup.memory else 'online from cold'}"
    )
    yield f"always {setup.frontier}: ${found.frontier.cost:.4f} a task, {found.frontier.quality:.1%} solved"
    yield ""
    yield f"{'a task is worth':>18}  {'$ a task':>9}  {'solved':>7}  {'frontier asked':>14}"
    for calls, point in found.knob.items():
        share = f"{point.frontier_share:.0%}"
        yield f"{calls:>12.2f} calls  {point.cost:>9.4f}  {point.quality:>7.1%}  {share:>14}"
    yield ""
    heads = "".join(f"{f'S{level * 100:.0f} %':>22}" for level in LEVELS)
    yield f"{'saved at equal quality':<34}{heads}"
    for saved in found.saved:
        yield f"{saved.name:<34}" + "".join(
            f"{f'{saving * 100:5.1f} [{interval.low * 100:.1f}, {interval.high * 100:.1f}]':>22}"
            for saving, interval in zip(saved.savings, saved.intervals, strict=True)
        )
    yield f"{'lead over best fixed sub-chains':<34}" + "".join(
        f"{f'[{interval.low * 100:.1f}, {interval.high * 100:.1f}]':>22}" for interval in found.lead
    )
    if found.two is not None:
        two = found.two
        yield f"two models: APGR {two.apgr:.3f}, CPT(50 %) {_share(two.cpt50)}, CPT(80 %) {_share(two.cpt80)}"


def _share(value: float | None) -> str:
    return "never" if value is None else f"{value:.1%} of tasks"
