"""Gradient boosting of oblivious trees on logistic loss, in numpy: enough to fit a calibration, nothing more.

Friedman (2001) for the boosting, with second-order leaf values; oblivious trees as in CatBoost (Prokhorenkova
et al. 2018).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierwise.providers.local.forest import Trees

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to fit; ``share`` is the part of samples and of features that each tree sees, ``steady`` the L2 weight."""

    trees: int = 200
    depth: int = 6
    rate: float = 0.1
    bins: int = 48
    share: float = 0.5
    steady: float = 60.0
    seed: int = 1


def fit(samples: NDArray[np.float32], answers: NDArray[np.bool_], recipe: Recipe) -> Trees:
    """Return trees whose summed leaves are the log-odds of the answers."""
    chance = np.random.default_rng(recipe.seed)
    cuts = [_cuts(samples[:, column], recipe.bins) for column in range(samples.shape[1])]
    binned = [np.searchsorted(cut, samples[:, column]) for column, cut in enumerate(cuts)]
    wanted = answers.astype(np.float64)
    start = float(np.log(wanted.mean() / (1 - wanted.mean())))
    log_odds = np.full(len(wanted), start)
    trees = Trees(start=round(start, 5), features=[], cuts=[], leaves=[])
    for _ in range(recipe.trees):
        share = 1 / (1 + np.exp(-log_odds))
        chosen = np.flatnonzero(chance.random(len(wanted)) < recipe.share)
        columns = [c for c in chance.permutation(len(cuts))[: int(len(cuts) * recipe.share)].tolist() if len(cuts[c])]
        gradient, weight = (wanted - share)[chosen], (share * (1 - share))[chosen]
        asked, leaf = _grow({column: binned[column][chosen] for column in columns}, cuts, gradient, weight, recipe)
        size = 1 << recipe.depth
        values = np.bincount(leaf, gradient, size) / (np.bincount(leaf, weight, size) + recipe.steady)
        values = np.round(values * recipe.rate, 4)
        everywhere = np.zeros(len(wanted), np.int64)
        for level, (column, cut) in enumerate(asked):
            everywhere |= (binned[column] > cut).astype(np.int64) << level
        log_odds += values[everywhere]
        trees.features.append([column for column, _ in asked])
        trees.cuts.append([float(cuts[column][cut]) for column, cut in asked])
        trees.leaves.append(values.tolist())
    return trees


def _cuts(values: NDArray[np.float32], bins: int) -> NDArray[np.float32]:
    """Return the quantiles to cut at; a value above cut ``n`` is in a bin above ``n``."""
    found = np.unique(np.round(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]), 4).astype(np.float32))
    return found[found < values.max()]


def _grow(
    binned: dict[int, Ints], cuts: list[NDArray[np.float32]], gradient: Floats, weight: Floats, recipe: Recipe
) -> tuple[list[tuple[int, int]], Ints]:
    """Return the questions of one tree, as column and cut, and the leaf of each sample."""
    leaf = np.zeros(len(gradient), np.int64)
    asked: list[tuple[int, int]] = []
    for level in range(recipe.depth):
        best = (-1.0, 0, 0)
        for column, bins in binned.items():
            width = len(cuts[column]) + 1
            shape, key = (1 << level, width), leaf * width + bins
            below = np.bincount(key, gradient, shape[0] * width).reshape(shape).cumsum(axis=1)
            mass = np.bincount(key, weight, shape[0] * width).reshape(shape).cumsum(axis=1)
            above, rest = below[:, -1:] - below[:, :-1], mass[:, -1:] - mass[:, :-1]
            gains = (below[:, :-1] ** 2 / (mass[:, :-1] + recipe.steady) + above**2 / (rest + recipe.steady)).sum(
                axis=0
            )
            cut = int(gains.argmax())
            best = max(best, (float(gains[cut]), column, cut))
        _, column, cut = best
        asked.append((column, cut))
        leaf |= (binned[column] > cut).astype(np.int64) << level
    return asked, leaf
