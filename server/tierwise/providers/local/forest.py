"""Scores of boosted oblivious trees: every level of a tree asks one question, so all trees are a few steps of numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierwise.workspace.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """Trees of one depth as they are fitted and kept: for each tree and level the number of the ``features`` asked and
    the ``cuts`` it is asked to lie above; for each tree its ``leaves``, whose number's bits are the answers.
    """

    start: float
    features: list[list[int]]
    cuts: list[list[float]]
    leaves: list[list[float]]


class Forest:
    """Turns rows of numbers into probabilities."""

    def __init__(self, trees: Trees) -> None:
        import numpy as np

        self._features = np.array(trees.features, np.intp)
        self._cuts = np.array(trees.cuts, np.float32)
        self._leaves = np.array(trees.leaves, np.float32).ravel()
        count, depth = self._features.shape
        self._bits = np.exp2(np.arange(depth, dtype=np.float32))
        self._roots = np.arange(count, dtype=np.intp) * 2**depth
        self._start = trees.start

    def score(self, rows: Sequence[Sequence[float]]) -> "Floats":
        """Return each row's probability."""
        import numpy as np

        samples = np.array(rows, np.float32)
        answers = samples[:, self._features] > self._cuts
        leaves = np.matmul(answers, self._bits, dtype=np.float32).astype(np.intp) + self._roots
        return 1 / (1 + np.exp(-(self._leaves[leaves].sum(axis=1) + self._start)))
