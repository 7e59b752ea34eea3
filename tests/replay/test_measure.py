"""What is saved at equal quality, by hand."""

import pytest

from tierwise.replay.measure import intervals, saving, savings, two_models
from tierwise.replay.run import Point


def point(costs: list[float], solved: list[float], frontier: float = 0.0) -> Point:
    return Point(costs=tuple(costs), solved=tuple(solved), frontier=(frontier,) * len(costs))


FRONTIER = (1.0, 0.8)


def test_a_policy_as_good_as_the_frontier_saves_what_it_costs_less() -> None:
    assert saving([(0.4, 0.8)], FRONTIER, 1.0) == pytest.approx(0.6)


def test_nothing_is_saved_where_quality_is_never_reached_but_by_the_frontier() -> None:
    assert saving([(0.1, 0.5)], FRONTIER, 1.0) == pytest.approx(0.0, abs=1e-9)


def test_a_random_mix_of_two_points_counts() -> None:
    """Half 0.6 and half 0.8 solved is 0.7, at half of 0.2 and half of 1.0."""
    assert saving([(0.2, 0.6)], FRONTIER, 0.875) == pytest.approx(1 - 0.6)


def test_a_point_above_the_frontier_s_quality_is_mixed_down() -> None:
    assert saving([(0.5, 0.9), (0.1, 0.7)], FRONTIER, 1.0) == pytest.approx(1 - 0.3)


def test_a_dearer_policy_saves_nothing_rather_than_less() -> None:
    assert saving([(2.0, 0.9)], FRONTIER, 1.0) == 0.0


def test_levels_are_all_of_it_then_99_then_95_percent() -> None:
    top = point([1.0, 1.0], [1.0, 1.0])
    assert savings([point([0.0, 0.0], [0.0, 0.0])], top) == pytest.approx((0.0, 0.01, 0.05))


def test_intervals_hold_the_saving_and_pairing_makes_a_sure_lead_sure() -> None:
    """Ten cents less on each task is a sure lead, however much the tasks differ."""
    costs = [1.0 + at for at in range(40)]
    top, good = point(costs, [1.0] * 40), point([cost * 0.5 for cost in costs], [1.0] * 40)
    better = point([cost * 0.5 - 0.1 for cost in costs], [1.0] * 40)
    ends, between = intervals({"good": ([good], top), "better": ([better], top)})
    assert ends["good"][0].low == pytest.approx(0.5)
    assert between("better", "good")[0].low > 0.0


def test_two_models_random_routing_recovers_half_the_gap() -> None:
    weak, strong = point([0.0, 0.0], [0.0, 0.0]), point([1.0, 1.0], [1.0, 1.0], 1.0)
    found = two_models([point([0.5, 0.5], [0.5, 0.5], 0.5)], weak, strong)
    assert found is not None
    assert found.apgr == pytest.approx(0.5)
    assert found.cpt50 == pytest.approx(0.5)
    assert found.cpt80 == pytest.approx(0.8)


def test_two_models_an_oracle_needs_the_strong_one_only_where_it_helps() -> None:
    weak, strong = point([0.0], [0.5]), point([1.0], [1.0], 1.0)
    found = two_models([point([0.2], [1.0], 0.2)], weak, strong)
    assert found is not None
    assert found.cpt80 == pytest.approx(0.16)
    assert found.apgr == pytest.approx(0.9)


def test_two_models_say_nothing_where_the_strong_one_is_not_better() -> None:
    same = point([1.0], [1.0])
    assert two_models([same], same, same) is None
