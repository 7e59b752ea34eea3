"""What routing saves on recorded outcomes of real models; ``TIERWISE_OUTCOMES`` names the folder that holds them.

Files as ``tierwise replay`` reads them: ``swe_verified_outcomes.csv``, ``swe_verified_tasks.csv`` and
``lcb_outcomes.csv``.
They are not part of the project; ``tierwise eval`` makes such files from one's own code.
"""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tierwise.policies.learning.gate import BINS, bin_of, threshold
from tierwise.policies.learning.grid import dot
from tierwise.policies.learning.roster import History, Roster
from tierwise.replay.baselines import climb, ladders
from tierwise.replay.crossing import crossed, folds
from tierwise.replay.figures import Figures
from tierwise.replay.outcomes import Outcomes, Recorded, read
from tierwise.replay.run import Point, Stage, shuffled
from tierwise.replay.stage import Draws, Noise, tiers
from tierwise.replay.sweep import Setup, policy
from tierwise.replay.tuning import learn

SEEDS = 20
MEASURED = ("A", "C", "D")
POOLS = {
    "A": ("gpt-5-mini", "gemini-3-pro", "claude-4.5-opus"),
    "C": ("deepseek-v3.2-reasoner", "gpt-5.1", "claude-4.5-opus"),
    "D": ("gpt-5-nano", "gpt-5-mini", "gpt-5.1"),
    "B": ("gpt-5-nano", "claude-4.5-sonnet", "claude-4.5-opus"),
}
LIVECODEBENCH = (
    ("GPT-4O-mini-2024-07-18", "O4-Mini (Low)", "O4-Mini (High)"),
    ("DeepSeek-V3", "Grok-3-Mini (High)", "Gemini-2.5-Pro"),
)
USUAL = Noise(false_accept=0.1, false_reject=0.1)
CHAINS = "best fixed sub-chains + mix"

pytestmark = pytest.mark.bench


@cache
def folder() -> Path:
    named = os.environ.get("TIERWISE_OUTCOMES")
    if not named:
        pytest.skip("TIERWISE_OUTCOMES names no folder of recorded outcomes")
    return Path(named)


@cache
def agents() -> Outcomes:
    return read([folder() / "swe_verified_outcomes.csv"], folder() / "swe_verified_tasks.csv")


def percent(values: tuple[float, ...]) -> str:
    return " / ".join(f"{100 * value:4.1f}" for value in values)


def table(found: dict[str, Figures]) -> None:
    names = [each.name for each in next(iter(found.values())).saved if not each.name.startswith("always ")]
    for name in names:
        rows = {pool: next(s for s in figures.saved if s.name == name) for pool, figures in found.items()}
        mean = tuple(sum(rows[pool].savings[at] for pool in MEASURED) / len(MEASURED) for at in range(3))
        print(
            f"{name:<32} A, C, D: {percent(mean)}   "
            + "   ".join(f"{p}: {percent(r.savings)}" for p, r in rows.items())
        )
    for pool, figures in found.items():
        ours = next(s for s in figures.saved if s.name == "tierwise")
        ends = ", ".join(f"[{100 * i.low:.1f}, {100 * i.high:.1f}]" for i in ours.intervals)
        lead = ", ".join(f"[{100 * i.low:.1f}, {100 * i.high:.1f}]" for i in figures.lead)
        print(f"  pool {pool}: 95 % intervals {ends}; lead over chains {lead}")


def replayed(noise: Noise, seeds: int, by: str | None = None) -> dict[str, Figures]:
    return {
        name: crossed(Setup(outcomes=agents(), pool=pool, noise=noise, seeds=seeds, shuffle_tiers=True), by=by)
        for name, pool in POOLS.items()
    }


def test_savings_at_equal_quality_by_cross_validation() -> None:
    """To reach: mean of A, C and D at 10 % / 10 %: S99 63, S95 75. Tiers renamed and shuffled; S100 / S99 / S95."""
    print("\n\nfive folds by task, verifier 10 % / 10 %")
    table(replayed(USUAL, SEEDS))


def test_savings_where_whole_repositories_are_unknown() -> None:
    """The folds keep a repository's tasks together, so that nothing learned of it can help."""
    print("\n\nfive folds by repository, verifier 10 % / 10 %")
    table(replayed(USUAL, 5, by="repo"))


@pytest.mark.parametrize(("accept", "reject"), [(0.0, 0.0), (0.05, 0.05), (0.2, 0.1), (0.3, 0.2)])
def test_savings_under_better_and_worse_verifiers(accept: float, reject: float) -> None:
    """To reach: better than the best fixed sub-chains in every pool."""
    print(f"\n\nfive folds by task, verifier {accept:.0%} / {reject:.0%}")
    table(replayed(Noise(false_accept=accept, false_reject=reject), 5))


@pytest.mark.parametrize("pool", LIVECODEBENCH)
def test_savings_on_livecodebench_with_estimated_costs(pool: tuple[str, ...]) -> None:
    """Costs are list price times assumed tokens; the policy is not shown them as evidence."""
    outcomes = read([folder() / "lcb_outcomes.csv"])
    found = crossed(Setup(outcomes=outcomes, pool=pool, noise=USUAL, seeds=3))
    print(f"\n\nLiveCodeBench, ESTIMATED costs, {' > '.join(pool)}")
    for saved in found.saved:
        print(f"{saved.name:<40} {percent(saved.savings)}")


async def online(outcomes: Outcomes, pool: tuple[str, ...], seed: int, calls: float) -> tuple[Point, Draws, list[int]]:
    setup = Setup(outcomes=outcomes, pool=pool, noise=USUAL, seeds=1)
    stage, draws = Stage(outcomes, pool[-1]), Draws(outcomes, pool, USUAL, seed)
    order = shuffled(len(stage.tasks), seed)
    return await stage.play(policy(setup, calls, seed), tiers(pool, Random(seed)), draws, order), draws, order


def regrets(runs: list[tuple[list[float], dict[tuple[str, ...], list[float]]]], start: int, stop: int) -> float:
    """Return what share of the best fixed ladder's utility in hindsight was missed between two places in the order."""
    ours = sum(sum(mine[start:stop]) for mine, _ in runs)
    best = max(sum(sum(theirs[ladder][start:stop]) for _, theirs in runs) for ladder in runs[0][1])
    return 1 - ours / best


async def utilities(
    outcomes: Outcomes, pool: tuple[str, ...], seed: int, calls: float
) -> tuple[list[float], dict[tuple[str, ...], list[float]]]:
    """Return in the order of the tasks what each brought, ours and every fixed ladder's: worth if solved, less cost."""
    point, draws, order = await online(outcomes, pool, seed, calls)
    dearest = max(sum(task.results[model].cost for task in outcomes.tasks) for model in pool) / len(outcomes.tasks)

    def brought(each: Point) -> list[float]:
        return [calls * dearest * each.solved[at] - each.costs[at] for at in order]

    return brought(point), {ladder: brought(climb(outcomes, ladder, draws, pool[-1])) for ladder in ladders(pool)}


@pytest.mark.parametrize("calls", [2.0, 5.0, 15.0])
async def test_regret_online_from_cold(calls: float) -> None:
    """To reach: over the second half at most 3 % behind the best fixed ladder in hindsight."""
    print(f"\n\nonline from cold, a task is worth {calls:.0f} calls of the dearest model: regret in the second half")
    for name, pool in POOLS.items():
        outcomes = agents().of(pool)
        runs = [await utilities(outcomes, pool, seed, calls) for seed in range(SEEDS)]
        print(f"  pool {name}: {regrets(runs, len(outcomes.tasks) // 2, len(outcomes.tasks)):.1%}")


@pytest.mark.parametrize("name", MEASURED)
async def test_recovery_after_a_tier_silently_stops_working(name: str) -> None:
    """To reach: back within 60 tasks. From the middle of the order on, one tier solves nothing; regret per 30 tasks."""
    pool = POOLS[name]
    outcomes = agents().of(pool)
    half = len(outcomes.tasks) // 2
    for broken in pool[:2]:
        runs = [await utilities(_broken(outcomes, broken, seed), pool, seed, 5.0) for seed in range(SEEDS)]
        windows = [(at, at + 30) for at in range(half, half + 120, 30)]
        told = ", ".join(f"{regrets(runs, start, stop):.1%}" for start, stop in windows)
        print(f"\npool {name}, {broken} broken: before {regrets(runs, half - 60, half):.1%}, then {told}")


def _broken(outcomes: Outcomes, model: str, seed: int) -> Outcomes:
    late = set(shuffled(len(outcomes.tasks), seed)[len(outcomes.tasks) // 2 :])
    return replace(
        outcomes,
        tasks=tuple(
            replace(task, results={**task.results, model: replace(task.results[model], solved=0.0)})
            if at in late
            else task
            for at, task in enumerate(outcomes.tasks)
        ),
    )


def test_violations_of_the_gate() -> None:
    """To reach: at most 5 % of 400 resamplings break a promise of 5 % failures; a threshold that merely looked good
    stands beside. Scores are predictions for held-out tasks, sharpened by what two other models made of the task: by
    less, no gate opens at all.
    """
    population = scored("claude-4.5-opus", ("gpt-5.1", "gpt-5-mini"))
    luck, broken, hopeful, opened = Random(0), 0, 0, 0
    for _ in range(400):
        tries, failures = [0.0] * BINS, [0.0] * BINS
        for score, failed in luck.choices(population, k=600):
            tries[bin_of(score)] += 1
            failures[bin_of(score)] += failed
        at = threshold(tries, failures, 0.05, 0.95)
        opened += at is not None
        broken += _breaks(population, at)
        looked_good = [n / BINS for n in range(BINS) if sum(tries[n:]) and sum(failures[n:]) <= 0.05 * sum(tries[n:])]
        hopeful += _breaks(population, min(looked_good, default=None))
    print(f"\n\ngate: {broken / 4:.2f} % violations ({opened} of 400 open); empirical threshold: {hopeful / 4:.2f} %")


def scored(model: str, witnesses: tuple[str, ...]) -> list[tuple[float, bool]]:
    found: list[tuple[float, bool]] = []
    pool = (*witnesses, model)
    for known, unknown in folds(agents()):
        roster = Roster(learn(known), tiers(pool), (0.1, 0.1), 0.8)
        found += [(_score(roster, task, witnesses, model), task.results[model].solved < 0.5) for task in unknown.tasks]
    return found


def _score(roster: Roster, task: Recorded, witnesses: tuple[str, ...], model: str) -> float:
    history: History = (roster.step(task.facts),)
    for witness in witnesses:
        history = (*history, roster.by_model[witness], task.results[witness].solved >= 0.5, None)
    return dot(roster.belief(history).weights, roster.sights[roster.by_model[model]].solve)


def _breaks(population: list[tuple[float, bool]], opened: float | None) -> bool:
    if opened is None:
        return False
    through = [failed for score, failed in population if bin_of(score) >= opened * BINS - 1e-9]
    return sum(through) > 0.05 * len(through)
