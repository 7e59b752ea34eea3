"""The engine itself over made-up worlds."""

import asyncio
from random import Random

import pytest

from replay.worlds import MODELS, rows, write
from tierwise.policies.learning.grid import dot
from tierwise.policies.learning.roster import Roster
from tierwise.replay.baselines import climb, ladders
from tierwise.replay.crossing import crossed, folds
from tierwise.replay.figures import figures, page
from tierwise.replay.outcomes import Outcomes, read
from tierwise.replay.run import Stage
from tierwise.replay.stage import Draws, Noise, tiers
from tierwise.replay.sweep import Setup, policy, replay, rivals
from tierwise.replay.tuning import learn

POOL = ("small", "middle", "large")
NOISE = Noise(false_accept=0.1, false_reject=0.1)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return read([write(tmp_path_factory.mktemp("world") / "o.csv", rows(tasks=200))])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return read([write(tmp_path_factory.mktemp("world") / "o.csv", rows(tasks=200, seed=2))])


def setup(outcomes: Outcomes, **changes: object) -> Setup:
    kept = {"pool": POOL, "noise": NOISE, "seeds": 2, "knob": (1.0, 4.0, 16.0)} | changes
    return Setup(outcomes=outcomes.of(kept["pool"]), **kept)  # type: ignore[arg-type]


def test_what_a_task_costs_is_what_was_recorded_for_the_models_that_were_asked(outcomes: Outcomes) -> None:
    """A pool of one model leaves no choice: every cost and every answer is the recorded one, to the last digit."""
    found = replay(setup(outcomes, pool=("large",), knob=(1.0,), seeds=1))[1.0]
    recorded = outcomes.of(("large",))
    assert found.costs == pytest.approx([task.results["large"].cost for task in recorded.tasks], abs=1e-9)
    assert list(found.solved) == [task.results["large"].solved for task in recorded.tasks]


def test_a_replay_can_be_repeated(outcomes: Outcomes) -> None:
    assert replay(setup(outcomes)) == replay(setup(outcomes))


def test_the_verifier_errs_at_its_rates(outcomes: Outcomes) -> None:
    draws = Draws(outcomes, POOL, Noise(false_accept=0.2, false_reject=0.1), 3)
    wrong = [draws.passed[key] for key, right in draws.right.items() if not right]
    right = [draws.passed[key] for key, was in draws.right.items() if was]
    assert sum(wrong) / len(wrong) == pytest.approx(0.2, abs=0.06)
    assert sum(right) / len(right) == pytest.approx(0.9, abs=0.06)


def test_names_and_order_of_tiers_mean_nothing(outcomes: Outcomes, fresh: Outcomes) -> None:
    memory = learn(outcomes)
    assert replay(setup(fresh, memory=memory, shuffle_tiers=True)) == replay(setup(fresh, memory=memory))


def test_what_a_task_is_worth_moves_the_policy_from_cheap_to_good(outcomes: Outcomes, fresh: Outcomes) -> None:
    found = replay(setup(fresh, memory=learn(outcomes)))
    assert found[1.0].cost < found[4.0].cost < found[16.0].cost
    assert found[1.0].quality < found[16.0].quality


def test_a_tuned_policy_saves_more_than_the_best_fixed_sub_chains_on_new_tasks(
    outcomes: Outcomes, fresh: Outcomes
) -> None:
    """The chains are chosen in hindsight; only the cost of failed attempts and the facts can make the difference."""
    found = figures(setup(fresh, memory=learn(outcomes), seeds=4, knob=(2.0, 4.0, 8.0, 16.0)), baselines=True)
    saved = {each.name: each.savings for each in found.saved}
    assert saved["tierwise"][1] > saved["best fixed sub-chains + mix"][1]
    assert saved["bound: who solves it is known"][1] > saved["tierwise"][1]
    assert saved["always large"] == (0.0, 0.0, 0.0)


def test_a_model_that_costs_more_and_solves_less_is_skipped(outcomes: Outcomes, fresh: Outcomes) -> None:
    pool = ("silly", "small", "large")
    part = setup(fresh, pool=pool, memory=learn(outcomes), knob=(8.0,))
    point = replay(part)[8.0]
    cheapest = min(task.results["silly"].cost for task in part.outcomes.tasks)
    skipped = sum(
        any(abs(cost - total) < 1e-6 for total in (task.results["small"].cost, task.results["large"].cost))
        or abs(cost - task.results["small"].cost - task.results["large"].cost) < 1e-6
        for cost, task in zip(_one_run(part, 8.0), part.outcomes.tasks, strict=True)
    )
    assert cheapest > 0
    assert skipped == len(part.outcomes.tasks)
    assert point.quality > 0.5


def _one_run(part: Setup, calls: float) -> tuple[float, ...]:
    stage = Stage(part.outcomes, part.frontier)
    draws = Draws(part.outcomes, part.pool, part.noise, 0)
    run = stage.play(policy(part, calls, 0), tiers(part.pool), draws, range(len(stage.tasks)))
    return asyncio.run(run).costs


def test_online_from_cold_the_second_half_is_nearly_as_good_as_the_best_ladder_in_hindsight(outcomes: Outcomes) -> None:
    part = setup(outcomes)
    ours: list[float] = []
    best: dict[tuple[str, ...], list[float]] = {}
    for seed in range(4):
        stage, draws = Stage(part.outcomes, "large"), Draws(part.outcomes, POOL, NOISE, seed)
        order = list(range(200))
        Random(seed).shuffle(order)
        point = asyncio.run(stage.play(policy(part, 5.0, seed), tiers(POOL), draws, order))
        worth = 5.0 * MODELS["large"][1]
        ours += [worth * point.solved[at] - point.costs[at] for at in order[100:]]
        for ladder in ladders(POOL):
            other = climb(part.outcomes, ladder, draws, "large")
            best.setdefault(ladder, []).extend(worth * other.solved[at] - other.costs[at] for at in order[100:])
    assert sum(ours) > 0.94 * max(map(sum, best.values()))


def test_what_is_expected_of_a_model_on_new_tasks_comes_true(outcomes: Outcomes, fresh: Outcomes) -> None:
    """Calibration: of tasks with about the same predicted chance, about that share is solved (expected error, ECE),
    and the predictions beat the model's mean share (Brier score).
    """
    roster = Roster(learn(outcomes), tiers(POOL), (0.1, 0.1), 0.8)
    for model in POOL:
        told: list[tuple[float, float]] = []
        for recorded in fresh.tasks:
            belief = roster.belief((roster.step(recorded.facts),))
            told.append(
                (dot(belief.weights, roster.sights[roster.by_model[model]].solve), recorded.results[model].solved)
            )
        bins = [[pair for pair in told if int(pair[0] * 5) == bin_] for bin_ in range(5)]
        errors = [abs(sum(p - solved for p, solved in pairs)) / len(told) for pairs in bins]
        mean = sum(solved for _, solved in told) / len(told)
        brier = sum((p - solved) ** 2 for p, solved in told) / len(told)
        assert sum(errors) < 0.1
        assert brier < mean * (1 - mean)


def test_estimated_costs_are_no_evidence(outcomes: Outcomes) -> None:
    estimated = Outcomes(tasks=outcomes.of(POOL).tasks, estimated=True)
    part = Setup(outcomes=estimated, pool=POOL, noise=NOISE, seeds=1, knob=(4.0,))
    assert not policy(part, 1.0, 0).stance.heed_cost
    found = figures(part, baselines=False)
    assert "(costs are estimated)" in next(page(found))
    assert found.to_json()["estimated_costs"] is True


def test_rivals_are_every_fixed_model_every_chain_and_the_bound(outcomes: Outcomes) -> None:
    found = rivals(setup(outcomes))
    assert set(found) == {
        *(f"always {model}" for model in POOL),
        "rules only (the middle tier)",
        "random mix of fixed models",
        "every rung in turn + mix",
        "best fixed sub-chains + mix",
        "bound: who solves it is known",
    }
    assert len(found["best fixed sub-chains + mix"]) == 7
    assert len(found["random mix of fixed models"]) == 3


def test_folds_never_show_a_task_on_both_sides(outcomes: Outcomes) -> None:
    parts = folds(outcomes)
    assert sorted(task.task for _, unknown in parts for task in unknown.tasks) == [t.task for t in outcomes.tasks]
    for known, unknown in parts:
        assert not {task.task for task in known.tasks} & {task.task for task in unknown.tasks}


def test_folds_by_a_fact_keep_its_tasks_together(outcomes: Outcomes) -> None:
    for known, unknown in folds(outcomes, by="repo"):
        assert not {task.facts["repo"] for task in known.tasks} & {task.facts["repo"] for task in unknown.tasks}


def test_crossing_replays_every_task_once(outcomes: Outcomes) -> None:
    small = Outcomes(tasks=outcomes.tasks[:50])
    found = crossed(Setup(outcomes=small, pool=POOL, noise=NOISE, seeds=1, knob=(4.0,)))
    assert len(found.knob[4.0].costs) == 50


def test_the_page_shows_every_knob_value_and_every_rival(outcomes: Outcomes) -> None:
    text = "\n".join(page(figures(setup(outcomes, seeds=1), baselines=True)))
    assert text.count(" calls  ") == 3
    assert "best fixed sub-chains + mix" in text
    assert "S99" in text
