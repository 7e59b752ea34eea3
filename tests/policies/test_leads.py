"""A dearer model's lead over the next cheaper one is believed as far as it can hardly be luck."""

import pytest

from tierwise.policies.learning.curve import fit, success
from tierwise.policies.learning.grid import bell
from tierwise.policies.learning.leads import doubted
from tierwise.policies.learning.memory import Track


def record(ability: float, tries: int) -> Track:
    """Return the record of a model of this ability, without luck."""
    track = Track()
    for _ in range(tries):
        track.add(bell(), success(ability, 2.5), 0.01, 0.0)
    return track


def believed(tries: int, *abilities: float) -> list[float]:
    """Return what is believed of models from cheap to dear, each given by its true ability, after so many outcomes."""
    tracks = [record(ability, tries) for ability in abilities]
    places = [0.8 * at / (len(abilities) - 1) for at in range(len(abilities))]
    curves = [fit(track, place) for track, place in zip(tracks, places, strict=True)]
    return [curve.ability for curve in doubted(curves, tracks)]


def test_a_small_lead_in_a_hundred_outcomes_is_taken_for_luck() -> None:
    low, high = believed(110, 0.7, 0.8)
    assert 0 <= high - low < 0.02


def test_many_outcomes_prove_a_small_lead() -> None:
    low, high = believed(20_000, 0.7, 0.8)
    assert high - low == pytest.approx(0.1, abs=0.02)


def test_a_large_lead_stands() -> None:
    low, high = believed(200, -0.7, 0.6)
    assert high - low > 1.2


def test_a_dearer_model_that_looks_worse_is_left_so() -> None:
    tracks = record(0.5, 100), record(0.3, 100)
    curves = [fit(track, place) for track, place in zip(tracks, (0.0, 0.8), strict=True)]
    assert doubted(curves, tracks) == curves


@pytest.mark.parametrize("tries", [0, 40])
def test_what_short_records_and_prices_suggest_stays(tries: int) -> None:
    tracks = [record(0.5, tries), record(0.6, 400)]
    curves = [fit(track, place) for track, place in zip(tracks, (0.0, 0.8), strict=True)]
    assert doubted(curves, tracks) == curves


def test_the_surer_of_two_moves_less() -> None:
    tracks = record(0.5, 4_000), record(0.7, 150)
    curves = [fit(track, 0.4) for track in tracks]
    low, high = doubted(curves, tracks)
    assert low.ability - curves[0].ability < (curves[1].ability - high.ability) / 5
