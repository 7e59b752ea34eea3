"""The user's record, the team's and the package's: the nearest that knows something decides, as far as it knows."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from policies.test_learned import KIND, PRICE, TIERS, attempt, ladder, learned_world, run_one, task
from tierwise.core.model import Model, Tier
from tierwise.policies.learned import Learned
from tierwise.policies.learning.bundled import bundled
from tierwise.policies.learning.curve import Sight, fit
from tierwise.policies.learning.file import PolicyFileError, load_others, save
from tierwise.policies.learning.levels import TEAM, TEAM_WEIGHT, Level, lightened
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.plausible import implausible
from tierwise.policies.learning.stance import Stance
from tierwise.policies.learning.study import Case, Trial, study
from tierwise.policies.learning.traits import placeless


def world(solved: float, tasks: int = 300, model: str = "fast-model") -> Memory:
    """A record of tasks of which the model solved this share."""
    luck = Random(1)
    cases = [
        Case(traits=(), trials=(Trial(model=model, solved=float(luck.random() < solved), cost=0.01, seconds=1.0),))
        for _ in range(tasks)
    ]
    return study(cases)


def team(memory: Memory) -> Level:
    return Level(name=TEAM, memory=lightened(memory, TEAM_WEIGHT))


def chance(own: Memory, behind: Sequence[Level]) -> float:
    learner = Learned(own, Stance(eager=True, verifier=(0.1, 0.1)), behind=behind)
    return next(each.chance for each in learner.prospects(task(), KIND, TIERS) if each.tier == "fast")


def test_without_own_outcomes_the_team_s_record_decides() -> None:
    good, bad = (chance(Memory(), (team(world(solved)),)) for solved in (0.95, 0.2))
    assert good > 0.85
    assert bad < 0.35


def test_own_outcomes_outweigh_the_team_s_as_they_come() -> None:
    """The team holds the model for good, the user's own outcomes say otherwise."""
    behind = (team(world(0.95)),)
    chances = [chance(world(0.2, tasks), behind) for tasks in (5, 40, 400)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.75
    assert chances[-1] < 0.35


def test_a_team_s_record_counts_for_so_many_outcomes_however_long_it_is() -> None:
    short, long = (lightened(world(0.9, tasks), TEAM_WEIGHT) for tasks in (100, 2000))
    assert short.tracks["fast-model"].count == pytest.approx(TEAM_WEIGHT)
    assert long.tracks["fast-model"].count == pytest.approx(TEAM_WEIGHT)
    assert short.tasks == pytest.approx(TEAM_WEIGHT)
    few = lightened(world(0.9, 10), TEAM_WEIGHT)
    assert few.tracks["fast-model"].count == pytest.approx(10)


def test_what_is_learned_goes_into_the_user_s_own_record_alone() -> None:
    behind = (team(learned_world()),)
    before = json.dumps(behind[0].memory.to_json())
    learner = Learned(stance=Stance(eager=True, verifier=(0.1, 0.1)), behind=behind)
    for number in range(30):
        run_one(learner, number, dict.fromkeys(TIERS, True))
    learner.refit()
    assert json.dumps(behind[0].memory.to_json()) == before
    assert 0 < learner.memory.tasks <= 30


def test_with_a_team_s_record_it_decides_from_the_first_request_on() -> None:
    assert Learned(stance=Stance()).decide(task(), KIND, TIERS) is None
    assert Learned(stance=Stance(), behind=(bundled(),)).decide(task(), KIND, TIERS) is None
    assert Learned(stance=Stance(), behind=(team(learned_world()),)).decide(task(), KIND, TIERS) is not None


def test_it_says_whose_figures_they_are() -> None:
    behind = (team(learned_world()), bundled())
    cold = Learned(stance=Stance(worth=2.0), behind=behind)
    decision = cold.decide(task(), KIND, TIERS)
    assert decision is not None
    assert "(the team's record)" in decision.reason
    assert "40 outcomes, 40 of them the team's" in decision.reason
    warm = Learned(learned_world(), Stance(worth=2.0), behind=behind)
    decision = warm.decide(task(), KIND, TIERS)
    assert decision is not None
    assert "the team's record" not in decision.reason
    assert "240 outcomes, 40 of them the team's" in decision.reason


def test_each_tier_s_prospect_names_its_levels() -> None:
    new = Tier(name="new", models=(Model(name="new-model", provider="p", price=PRICE),))
    learner = Learned(world(0.9, 20), Stance(), behind=(team(learned_world()), bundled()))
    found = {each.tier: each for each in learner.prospects(task(), KIND, {**TIERS, "new": new})}
    assert [name for name, _ in found["fast"].levels] == ["own", "team"]
    assert dict(found["fast"].levels)["own"] == pytest.approx(20)
    assert (found["fast"].level, found["mid"].level, found["new"].level) == ("team", "team", "bundled")
    assert found["new"].levels == ()


def test_the_package_s_own_level_starts_from_the_rules() -> None:
    """What the rules send to a dear tier is taken to be harder, until outcomes say otherwise."""
    tiers = TIERS
    learner = Learned(stance=Stance(), behind=(bundled(),))
    easy, middle, hard = (
        learner.prospects(task(belongs=belongs), KIND, tiers)[1].chance for belongs in ("fast", "mid", "frontier")
    )
    assert easy > middle > hard


def test_a_model_that_stopped_working_is_left_although_the_team_still_praises_it() -> None:
    learner = Learned(learned_world(), Stance(worth=2.0, verifier=(0.1, 0.1)), behind=(team(learned_world()),))
    rejected = (attempt("fast", passed=False),)
    assert ladder(learner.decide(task(), KIND, TIERS, rejected))[0] == "mid"
    for number in range(60):
        run_one(learner, number, {"fast": number % 2 == 0, "mid": False, "frontier": True})
    assert "mid" not in ladder(learner.decide(task(), KIND, TIERS, rejected))


def test_no_promise_rests_on_others_outcomes() -> None:
    memory = learned_world()
    memory.gates["name|fast-model"] = [500.0] * 10 + [0.0] * 10
    assert lightened(memory, TEAM_WEIGHT).gates == {}


def test_a_file_of_others_is_read_like_one_s_own(tmp_path: Path) -> None:
    save(tmp_path / "p.json", learned_world())
    assert load_others(tmp_path / "p.json").tasks == pytest.approx(200, rel=1e-3)


@pytest.mark.parametrize(
    ("table", "row", "value"),
    [
        ("density", None, [math.inf] * 15),
        ("density", None, [-5.0] * 15),
        ("density", None, [1e300] * 15),
        ("verifier", None, [1.0, 2.0, 1.0, 0.0]),
        ("traits", "repo=slow", [1.0, 900.0, 1.0]),
        ("tracks", 0, [1.0] * 15),
        ("tracks", 1, [1e6] * 15),
        ("tracks", 2, [40.0, 0.0, 0.0, 4e5, 0.0, 4e9]),
        ("tracks", 2, [40.0, 0.0, 0.0, 0.0, 3500.0, 0.0]),
        ("tracks", 4, [40.0, 1e300, 0.0, 40.0, 0.0, 0.0]),
        ("tracks", 4, [math.nan] * 6),
    ],
)
def test_sums_that_no_outcomes_add_up_to_are_refused(
    tmp_path: Path, table: str, row: str | int | None, value: list[float]
) -> None:
    path = tmp_path / "p.json"
    save(path, learned_world())
    content = json.loads(path.read_text())
    found = content["memory"]
    if isinstance(row, int):
        if row == 0:
            found["tracks"]["fast-model"][1] = [5.0] * 15
        found["tracks"]["fast-model"][row] = value
    elif row is not None:
        found[table][row] = value
    else:
        found[table] = value
    path.write_text(json.dumps(content))
    with pytest.raises(PolicyFileError, match="damaged"):
        load_others(path)


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PolicyFileError, match="no file"):
        load_others(tmp_path)
    with pytest.raises(PolicyFileError, match="cannot be read"):
        load_others(tmp_path / "none.json")
    (tmp_path / "deep.json").write_text("[" * 200_000)
    with pytest.raises(PolicyFileError, match="no JSON"):
        load_others(tmp_path / "deep.json")
    save(tmp_path / "p.json", learned_world())
    monkeypatch.setattr("tierwise.policies.learning.file.LARGEST", 1000)
    with pytest.raises(PolicyFileError, match="larger than"):
        load_others(tmp_path / "p.json")


def test_whatever_passes_for_true_can_be_planned_with() -> None:
    """A hostile file may hold any numbers: those that pass give finite plans."""
    luck, passed = Random(7), 0
    for _ in range(400):
        memory = Memory()
        scale = 10.0 ** luck.uniform(-3, 5)
        for name in ("fast-model", "mid-model"):
            track = memory.track(name)
            track.tried = [luck.uniform(0, scale) for _ in range(15)]
            track.right = [tried * luck.choice((0.0, 1.0, luck.random())) for tried in track.tried]
            count = sum(track.tried)
            hard, cost = luck.uniform(-3, 3), luck.uniform(-12, 12)
            spread, wide = luck.uniform(0, 1.5), luck.uniform(0, 4)
            both = count * (hard * cost + spread * wide * luck.uniform(-1, 1))
            sums = [count, count * hard, count * (hard**2 + spread**2), count * cost, both, count * (cost**2 + wide**2)]
            share = luck.choice((0.0, 0.01, 1.0))
            track.cost_right, track.cost_wrong = sums, [share * value for value in sums]
            track.totals = [count, count * 10 ** luck.uniform(-9, 4), count, count, count * luck.random(), count]
        if implausible(memory):
            continue
        passed += 1
        learner = Learned(stance=Stance(eager=True), behind=(team(memory),))
        for attempts in ((), (attempt("fast", passed=False),), (attempt("fast", passed=False, cost=90.0),)):
            decision = learner.decide(task(), KIND, TIERS, attempts)
            assert decision is None or math.isfinite(decision.confidence)
        sight = Sight("x", fit(lightened(memory, TEAM_WEIGHT).track("fast-model")), (0.1, 0.1), [1 / 15] * 15)
        assert all(map(math.isfinite, sight.cost))
    assert 50 < passed < 350


def test_a_record_that_is_given_away_names_no_folder() -> None:
    told = ("root=/home/me/secret", "workspace=secret", "language=python")
    memory = study([Case(traits=told, trials=(Trial(model="m", solved=1.0, cost=0.1),))])
    assert set(placeless(memory).traits) == {"language=python"}
    assert set(memory.traits) == set(told)
