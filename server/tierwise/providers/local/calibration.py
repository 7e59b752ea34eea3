"""What the evidence is worth: fitted trees and, for each wanted precision, the least confidence that is served.

The numbers are bundled in ``calibration.json``, fitted by ``python tests/bench/fit_local.py`` on code bases other than
those the benchmark measures; the file says which.
"""

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .forest import Forest, Trees


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """``floors`` are pairs of a precision and the confidence from which served texts reach it together, rising."""

    forest: Forest
    floors: Sequence[tuple[float, float]]

    def floor(self, precision: float) -> float:
        """Return the least confidence to serve at, between the fitted points on straight lines; beyond the highest
        fitted precision the way to never serving is straight, too.
        """
        points = [*self.floors, (1.0, 1.0)]
        at = bisect_left(points, (precision, 0.0))
        if at == 0:
            return points[0][1]
        if at == len(points):
            return 1.0
        (left, low), (right, high) = points[at - 1], points[at]
        return low + (high - low) * (precision - left) / (right - left)


@cache
def bundled() -> Calibration:
    """Return the calibration that comes with the package."""
    data = json.loads(files("tierwise.providers.local").joinpath("calibration.json").read_text("utf-8"))
    return Calibration(forest=Forest(Trees(**data["trees"])), floors=[(pair[0], pair[1]) for pair in data["floors"]])
