"""What a dearer model seems to be ahead of the next cheaper one is believed as far as it can hardly be luck.

Of two models of like quality one always looks better in a few hundred outcomes, and a plan that believes it as it looks
pays more for nothing: the winner's curse. So leads are shrunk by the nonnegative garrote (Breiman, "Better subset
regression using the nonnegative garrote", 1995), which forgets small ones and leaves large ones alone. How far a
dearer model that looks worse is believed to be so, ``order`` says.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import exp

from .curve import ABILITY_SPREAD, Curve
from .grid import GRID
from .memory import Track

DOUBT = 1.3
"""What standard errors are taken times, since difficulties are believed and not known; on recorded agent runs anything
from 1 to 1.6 serves."""

SETTLED = 100.0
"""Tries that both records must hold: what is shorter is a model's that is new or has changed, and to doubt it would
only be slow. Of a tier that broke down, `make bench` shows that the plans are as good again after 60 tasks."""


def doubted(curves: Sequence[Curve], tracks: Sequence[Track]) -> list[Curve]:
    """Return the curves of models from cheap to dear with leads over the next cheaper one shrunk.

    The surer ability of two moves less.
    """
    variances = [DOUBT**2 * uncertainty(curve, track) for curve, track in zip(curves, tracks, strict=True)]
    abilities = [curve.ability for curve in curves]
    for low in range(len(curves) - 1):
        high = low + 1
        lead = curves[high].ability - curves[low].ability
        if lead <= 0.0 or min(tracks[low].count, tracks[high].count) < SETTLED:
            continue
        noise = variances[low] + variances[high]
        luck = lead * min(1.0, noise / lead**2)
        abilities[low] += luck * variances[low] / noise
        abilities[high] -= luck * variances[high] / noise
    return [replace(curve, ability=ability) for curve, ability in zip(curves, abilities, strict=True)]


def uncertainty(curve: Curve, track: Track) -> float:
    """Return the variance of a fitted ability."""
    information = ABILITY_SPREAD**-2
    for point, tried in zip(GRID, track.tried, strict=True):
        chance = 1 / (1 + exp(curve.slope * (point - curve.ability)))
        information += tried * chance * (1 - chance) * curve.slope**2
    return 1.0 / information
