"""The promise for answers that nothing verifies."""

from random import Random

import pytest

from tierwise.policies.learning.gate import BINS, bin_of, bounded, threshold, upper_bound


@pytest.mark.parametrize(("tries", "target", "confidence"), [(59, 0.05, 0.95), (22, 0.10, 0.90)])
def test_so_many_clean_outcomes_are_enough_and_one_less_is_not(tries: int, target: float, confidence: float) -> None:
    assert upper_bound(0, tries, confidence) <= target
    assert upper_bound(0, tries - 1, confidence) > target


@pytest.mark.parametrize(("failures", "tries", "bound"), [(0, 10, 0.2589), (1, 20, 0.2161), (5, 100, 0.1023)])
def test_the_bound_is_clopper_and_pearson_s(failures: int, tries: int, bound: float) -> None:
    """Values of the beta distribution's 95 % quantile, from tables."""
    assert upper_bound(failures, tries, 0.95) == pytest.approx(bound, abs=2e-4)


@pytest.mark.parametrize("target", [0.02, 0.05, 0.1])
def test_a_bound_that_is_only_compared_is_the_same_bound(target: float) -> None:
    for tries in range(0, 300, 7):
        for failures in range(min(tries, 20) + 1):
            assert bounded(failures, tries, target, 0.95) == (upper_bound(failures, tries, 0.95) <= target)


def test_nothing_but_failures_bounds_nothing() -> None:
    assert upper_bound(3, 3, 0.95) == 1.0


def test_a_gate_stays_closed_without_outcomes() -> None:
    assert threshold([0.0] * BINS, [0.0] * BINS, 0.05, 0.95) is None


def test_a_gate_opens_as_far_down_as_the_promise_holds() -> None:
    tries, failures = [0.0] * BINS, [0.0] * BINS
    tries[9], tries[8], tries[7] = 100, 100, 100
    failures[7] = 30
    assert threshold(tries, failures, 0.05, 0.95) == 0.8


def test_a_failed_test_ends_the_sequence_even_where_a_lower_threshold_would_pass() -> None:
    tries, failures = [0.0] * BINS, [0.0] * BINS
    tries[9], failures[9], tries[5] = 20, 5, 1000
    assert threshold(tries, failures, 0.05, 0.95) is None


def test_the_gate_breaks_its_promise_in_at_most_five_percent_of_runs_and_an_empirical_one_far_more_often() -> None:
    """Four hundred samples of a population in which failure falls with the predicted chance."""
    luck = Random(7)
    population = [(chance, luck.random() < (1.0 - chance) * 0.6) for chance in (luck.random() for _ in range(20_000))]
    broken = empirical = 0
    for _ in range(400):
        tries, failures = [0.0] * BINS, [0.0] * BINS
        for chance, failed in luck.choices(population, k=200):
            tries[bin_of(chance)] += 1
            failures[bin_of(chance)] += failed
        broken += breaks(population, threshold(tries, failures, 0.05, 0.95))
        empirical += breaks(population, hopeful(tries, failures))
    assert broken / 400 <= 0.05
    assert empirical / 400 > 0.15


def hopeful(tries: list[float], failures: list[float]) -> float | None:
    """The lowest threshold above which the sample kept the promise."""
    kept = [at / BINS for at in range(BINS) if sum(tries[at:]) and sum(failures[at:]) <= 0.05 * sum(tries[at:])]
    return min(kept, default=None)


def breaks(population: list[tuple[float, bool]], opened: float | None) -> bool:
    """Whether answers above the threshold fail more often than promised."""
    if opened is None:
        return False
    let_through = [failed for chance, failed in population if bin_of(chance) >= opened * BINS - 1e-9]
    return sum(let_through) > 0.05 * len(let_through)
