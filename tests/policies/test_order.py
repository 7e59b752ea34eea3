"""A dearer model is not believed worse than a cheaper one by luck; where outcomes really say so, it is."""

import pytest

from policies.test_leads import record
from policies.test_learned import COSTS, KIND, TIERS, attempt, learned_world, task
from tierwise.core.outcome import Outcome
from tierwise.policies.learned import Learned
from tierwise.policies.learning.curve import fit
from tierwise.policies.learning.memory import Memory, Track
from tierwise.policies.learning.order import ordered
from tierwise.policies.learning.stance import Stance

PLACES = (0.0, 0.4, 0.8)


def abilities(*tracks: Track) -> list[float]:
    """Return what is believed of models from cheap to dear with these records."""
    curves = [fit(track, place) for track, place in zip(tracks, PLACES, strict=False)]
    return [curve.ability for curve in ordered(curves, tracks)]


def chances(learner: Learned) -> dict[str, float]:
    """Return each tier's chance of a right answer."""
    return {each.tier: each.chance for each in learner.prospects(task(), KIND, TIERS)}


def policy(memory: Memory) -> Learned:
    return Learned(memory, Stance(eager=True, verifier=(0.1, 0.1), worth=20.0))


def test_what_keeps_the_order_of_prices_is_left_alone() -> None:
    tracks = record(-0.2, 50), record(0.3, 50), record(0.9, 50)
    curves = [fit(track, place) for track, place in zip(tracks, PLACES, strict=True)]
    assert ordered(curves, tracks) == curves


def test_a_dear_model_with_bad_luck_in_few_outcomes_is_believed_as_able_as_a_cheap_one() -> None:
    low, high = abilities(record(0.4, 12), record(0.1, 12))
    assert low == pytest.approx(high)
    assert 0.1 < low < 0.45


def test_many_outcomes_prove_that_a_dear_model_is_worse() -> None:
    low, high = abilities(record(0.4, 4_000), record(0.1, 4_000))
    assert low - high == pytest.approx(0.3, abs=0.03)


def test_the_more_outcomes_the_more_they_are_believed() -> None:
    gaps = [low - high for low, high in (abilities(record(0.6, n), record(0.0, n)) for n in (10, 40, 160, 640))]
    assert gaps == sorted(gaps)
    assert gaps[0] == pytest.approx(0.0)
    assert gaps[-1] > 0.5


def test_a_dear_model_nobody_tried_is_believed_no_worse_than_a_cheap_one_that_did_well() -> None:
    low, high = abilities(record(1.2, 300), Track())
    assert high == pytest.approx(low)
    assert low == pytest.approx(1.2, abs=0.1)


def test_bad_luck_of_the_dearest_leaves_those_below_in_order() -> None:
    """Pooled with the middle one alone, it would stand below the cheapest."""
    low, middle, high = abilities(record(0.5, 15), record(0.6, 15), record(0.0, 15))
    assert low == pytest.approx(middle)
    assert middle == pytest.approx(high)


def test_the_surer_of_two_moves_less() -> None:
    sure, unsure = record(0.5, 2_000), record(0.3, 10)
    low, high = abilities(sure, unsure)
    assert fit(sure, 0.0).ability - low < 0.02
    assert high > fit(unsure, 0.4).ability


def priced(tries: int, **abilities: float) -> Memory:
    """Return the memory of tiers with these abilities, each of which charged its usual price."""
    memory = Memory()
    for tier, ability in abilities.items():
        track = memory.tracks[f"{tier}-model"] = record(ability, tries)
        track.totals[1] = COSTS[tier] * tries
    return memory


def test_a_tier_s_chance_is_no_lower_than_a_cheaper_one_s_by_luck_and_lower_where_outcomes_say_so() -> None:
    few, many = (chances(policy(priced(tries, fast=0.5, mid=0.2, frontier=0.9))) for tries in (10, 2_000))
    assert few["mid"] == pytest.approx(few["fast"], abs=0.01)
    assert many["mid"] < many["fast"] - 0.05


def test_a_frontier_that_silently_broke_down_has_lost_the_credit_of_its_price() -> None:
    """None of its answers passes any more, and those of the cheap tier pass as before."""
    learner = policy(learned_world())
    before = chances(learner)
    assert before["fast"] < before["mid"] < before["frontier"]
    for number in range(120):
        decision = learner.decide(task(number), KIND, TIERS)
        assert decision is not None
        tier, passed = ("frontier", False) if number % 2 else ("fast", number % 4 == 0)
        tried = attempt(tier, passed=passed, accepted=passed)
        learner.learn(Outcome(task=task(number), decision=decision, attempts=(tried,)))
    assert chances(learner)["frontier"] < chances(learner)["fast"]
