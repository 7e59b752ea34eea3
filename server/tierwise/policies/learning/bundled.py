"""What the package itself knows before anybody has asked for anything: no model and no task by its name.

The rest of it stands where it is used: abilities along the logarithm of list prices (``roster``), a verifier that errs
in one of ten answers (``memory``), costs and their spread (``curve``).
"""

from .grid import DENSITY_SPREAD
from .levels import BUNDLED, Level
from .memory import Memory

HARDNESS = {"local": -1.5, "fast": -1.0, "mid": 0.0, "frontier": 1.0}
"""How hard tasks are, in units of difficulty, by the tier that the built-in rules send their kind to: learning starts
from the rules. The ends lie a standard deviation from the middle, as far as models of neighbouring classes do on public
coding benchmarks."""

WEIGHT = 10.0
"""What that counts for each tier, in tasks."""


def bundled() -> Level:
    """Return the level of the package."""
    inside = DENSITY_SPREAD**2
    return Level(
        name=BUNDLED,
        memory=Memory(
            traits={
                f"belongs={tier}": [WEIGHT, WEIGHT * hard, WEIGHT * (hard * hard + inside)]
                for tier, hard in HARDNESS.items()
            }
        ),
    )
