"""That a dearer model is no worse than a cheaper one is believed until outcomes say otherwise.

Prices rise with ability more often than not, so a dear model that looks worse after a few outcomes has probably had bad
luck. But it is no law: on recorded agent runs a nano model costs more a task than its larger sibling and solves far
less, and a model that has broken down is worse than anything below it. So abilities are not clipped into the order of
prices; they are drawn towards the nearest ones that keep it, as far as what they stray from those can be luck.

The nearest are isotonic regression's, found by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman, "An
empirical distribution function for sampling with incomplete information", 1955). Of what a block of n models strays
from its pooled ability, the share ``1 - (n - 1) / chi-square`` is more than luck and stays, none where that is below 0
(Higgins and Thompson, "Quantifying heterogeneity in a meta-analysis", 2002); for two models that is how ``leads``
shrinks leads. A belief in an order that outcomes may overrule, in place of a constraint, is O'Hagan and Leonard's
("Bayes estimation subject to uncertainty about parameter constraints", 1976).
"""

from collections.abc import Sequence
from dataclasses import replace

from .curve import Curve
from .leads import SETTLED, uncertainty
from .memory import Track


def ordered(curves: Sequence[Curve], tracks: Sequence[Track], credited: Sequence[bool] = ()) -> list[Curve]:
    """Return the curves of models from cheap to dear with what contradicts that order shrunk.

    Only those that are ``credited`` with their price take part, all where nothing is said: one that has silently got
    worse is believed to be what its outcomes say. Among records that are all long the order is left as they
    have it: to doubt a lag would only cost money, since of two models of like ability the cheaper one is the better
    choice. It is the order of abilities: where slopes differ, curves may still cross among tasks that both find easy or
    hard.
    """
    found, places = list(curves), [at for at in range(len(curves)) if not credited or credited[at]]
    weights = [1.0 / uncertainty(curves[at], tracks[at]) for at in places]
    for start, stop in _blocks([curves[at].ability for at in places], weights):
        block = places[start:stop]
        if min(tracks[at].count for at in block) < SETTLED:
            for at, curve in zip(block, _drawn([curves[at] for at in block], weights[start:stop]), strict=True):
                found[at] = curve
    return found


def _blocks(abilities: Sequence[float], weights: Sequence[float]) -> list[tuple[int, int]]:
    """Return the first place and the one after the last of each run that has to be pooled, most of them of one."""
    blocks: list[tuple[int, int, float, float]] = []
    for at, (ability, weight) in enumerate(zip(abilities, weights, strict=True)):
        start, pooled, heavy = at, ability, weight
        while blocks and blocks[-1][2] > pooled:
            start, _, below, beside = blocks.pop()
            pooled, heavy = (below * beside + pooled * heavy) / (beside + heavy), beside + heavy
        blocks.append((start, at + 1, pooled, heavy))
    return [(start, stop) for start, stop, *_ in blocks]


def _drawn(block: Sequence[Curve], weights: Sequence[float]) -> list[Curve]:
    """Return the block's curves, their abilities drawn together as far as luck may have put them apart."""
    if len(block) == 1:
        return list(block)
    pooled = sum(w * curve.ability for w, curve in zip(weights, block, strict=True)) / sum(weights)
    strays = sum(w * (curve.ability - pooled) ** 2 for w, curve in zip(weights, block, strict=True))
    expected = len(block) - 1.0
    luck = 1.0 if strays <= expected else expected / strays
    return [replace(curve, ability=curve.ability + luck * (pooled - curve.ability)) for curve in block]
