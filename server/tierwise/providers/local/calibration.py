"""What the evidence is worth: fitted trees and, for each wanted precision, the least confidence that is served.

The numbers are bundled in ``calibration.json``, fitted by ``PYTHONPATH=tests python -m bench.fit_local`` on code
bases other than those the benchmark measures; the file says which.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .forest import Forest, Trees


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """``floors`` are, for each situation, rising pairs of a precision and the confidence from which on the texts that
    are served reach it together.
    """

    forest: Forest
    floors: Mapping[str, Sequence[tuple[float, float]]]

    def floor(self, precision: float, situation: str) -> float:
        """Return the least confidence to serve at, between the fitted points on straight lines; beyond the highest
        fitted precision the way to never serving is straight, too. An unknown situation is never sure enough.
        """
        points = [*self.floors.get(situation, ()), (1.0, 1.0)]
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
    floors = {name: [(precision, floor) for precision, floor in points] for name, points in data["floors"].items()}
    return Calibration(forest=Forest(Trees(**data["trees"])), floors=floors)
