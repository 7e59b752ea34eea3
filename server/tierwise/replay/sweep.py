"""A policy over its whole dial, beside what it has to beat."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tierwise.policies.learned import Learned
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.stance import Stance

from .baselines import bound, climb, ladders
from .outcomes import Outcomes
from .run import Point, Stage, mean, shuffled
from .stage import Draws, Noise, tiers

KNOB = tuple(round(0.3 * 1.19**step, 3) for step in range(36))
"""What a solved task is worth, in calls of the dearest model, from 0.3 to 132: the dial's values in a replay. Where two
models cost nearly the same, one of them is best between values that lie half of one apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One replay: models in the order they are named, the last being the frontier; ``memory`` None starts cold."""

    outcomes: Outcomes
    pool: tuple[str, ...]
    noise: Noise
    seeds: int = 20
    memory: Memory | None = None
    shuffle_tiers: bool = False
    knob: tuple[float, ...] = KNOB

    @property
    def frontier(self) -> str:
        """The model whose quality is to be kept."""
        return self.pool[-1]


def replay(setup: Setup) -> dict[float, Point]:
    """Run the engine for every value of the knob and every seed, and return the mean point of each value."""
    return asyncio.run(_replay(setup))


async def _replay(setup: Setup) -> dict[float, Point]:
    stage = Stage(setup.outcomes, setup.frontier)
    found: dict[float, list[Point]] = {calls: [] for calls in setup.knob}
    for seed in range(setup.seeds):
        draws = Draws(setup.outcomes, setup.pool, setup.noise, seed)
        world = tiers(setup.pool, Random(seed) if setup.shuffle_tiers else None)
        order = shuffled(len(stage.tasks), seed)
        for calls in setup.knob:
            found[calls].append(await stage.play(policy(setup, calls, seed), world, draws, order))
    return {calls: mean(points) for calls, points in found.items()}


def policy(setup: Setup, calls: float, seed: int) -> Learned:
    """Return the learned policy as it enters a replay."""
    stance = Stance(
        calls=calls,
        verifier=(setup.noise.false_accept, setup.noise.false_reject),
        heed_cost=not setup.outcomes.estimated,  # an estimated cost would betray the difficulty it was estimated from
        eager=True,
        seed=seed,
    )
    return Learned(setup.memory.copy() if setup.memory else None, stance)


def rivals(setup: Setup) -> Mapping[str, Sequence[Point]]:
    """Return the points of what a policy has to beat, by name; random mixes of each one's points are its own too."""
    chains: dict[tuple[str, ...], list[Point]] = {ladder: [] for ladder in ladders(setup.pool)}
    bounds: list[Point] = []
    for seed in range(setup.seeds):
        draws = Draws(setup.outcomes, setup.pool, setup.noise, seed)
        for ladder, points in chains.items():
            points.append(climb(setup.outcomes, ladder, draws, setup.frontier))
        bounds.append(bound(setup.outcomes, setup.pool, draws, setup.frontier))
    averaged = {ladder: mean(points) for ladder, points in chains.items()}
    fixed = {ladder[0]: point for ladder, point in averaged.items() if len(ladder) == 1}
    return {
        **{f"always {model}": [point] for model, point in fixed.items()},
        "rules only (the middle tier)": [fixed[setup.pool[len(setup.pool) // 2]]],
        "random mix of fixed models": list(fixed.values()),
        "every rung in turn + mix": [averaged[setup.pool], fixed[setup.pool[0]]],
        "best fixed sub-chains + mix": list(averaged.values()),
        "bound: who solves it is known": [mean(bounds)],
    }
