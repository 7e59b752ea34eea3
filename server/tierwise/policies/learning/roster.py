"""The models that may be asked, from cheap to dear, as the memory sees them, and what follows for a task."""

from collections.abc import Collection, Mapping
from math import log

from tierwise.core.decision import Rung
from tierwise.core.model import IN_PROCESS, Model, Tier
from tierwise.core.reply import Usage
from tierwise.core.task import Fact

from .belief import Belief
from .curve import Sight, fit
from .grid import dot, tilted
from .leads import doubted
from .memory import Memory, Track
from .order import ordered
from .study import smooth_density
from .traits import FARTHEST_TILT, tilts, word

TYPICAL = Usage(input=2_000, output=400)
"""A request of the editor, to price models that were never tried."""

CHEAPEST_ABILITY, DEAREST_ABILITY = 0.0, 0.8
"""Abilities that the ends of a price list have before anything is known; recorded agent runs span -0.7 to 1.0."""

TILT_STEP = 0.1
"""Tasks are told apart this finely before the first attempt; beliefs and plans are kept per step."""

NOTHING = Track()

History = tuple[int | bool | None, ...]
"""What is known of a task: its tilt in steps, then each attempt's model index, verdict and cost in notches."""


class Roster:
    """The tiers' models laid out for planning; built anew when memory has grown or the tiers have changed.

    A model that has ``fallen`` has got worse of late, whatever its price.
    """

    def __init__(
        self,
        memory: Memory,
        tiers: Mapping[str, Tier],
        verifier: tuple[float, float],
        accept_at: float,
        fallen: Collection[str] = (),
    ) -> None:
        self.density = smooth_density(memory.density)
        self.outcomes = round(memory.tasks)
        self._tilts = tilts(memory)
        self._beliefs: dict[History, Belief] = {}
        # The workspace itself speaks only where it is sure, so that its record says nothing of other tasks.
        models = {
            name: tier.models[0]
            for name, tier in tiers.items()
            if tier.models and tier.models[0].provider != IN_PROCESS
        }
        tracks = {name: memory.tracks.get(model.name, NOTHING) for name, model in models.items()}
        costs = {name: _cost(tracks[name], model) for name, model in models.items()}
        self.tiers = tuple(sorted(models, key=lambda name: costs[name]))
        places = _places(costs)
        told = [tracks[name] for name in self.tiers]
        fitted = [fit(tracks[name], places[name], costs[name]) for name in self.tiers]
        able = [models[name].name not in fallen for name in self.tiers]
        curves = doubted(ordered(fitted, told, able), told)
        self.sights = tuple(
            Sight(name, curve, verifier, self.density) for name, curve in zip(self.tiers, curves, strict=True)
        )
        self.rungs = tuple(Rung(tier=name, accept_at=accept_at) for name in self.tiers)
        self.by_tier = {name: at for at, name in enumerate(self.tiers)}
        self.asked = tuple(models[name] for name in self.tiers)
        self.models = tuple(model.name for model in self.asked)
        self.by_model = {model: at for at, model in enumerate(self.models)}
        self.dearest = max((sight.curve.mean_cost for sight in self.sights), default=0.0)
        self.coldest = min(range(len(self.sights)), key=lambda at: (round(self.sights[at].curve.tries), at), default=0)

    def step(self, known: Mapping[str, Fact]) -> int:
        """Return how far the task's facts tilt the belief about it, in steps."""
        total = 0.0
        for name, table in self._tilts.items():
            value = known.get(name)
            if value is not None:
                total += table.get(word(value), 0.0)
        return round(min(FARTHEST_TILT, max(-FARTHEST_TILT, total)) / TILT_STEP)

    def belief(self, history: History) -> Belief:
        """Return what is believed of a task with this history."""
        found = self._beliefs.get(history)
        if found is None:
            found = self._beliefs[history] = self._believe(history)
        return found

    def _believe(self, history: History) -> Belief:
        if len(history) == 1:
            return Belief(tilted(self.density, (history[0] or 0) * TILT_STEP))
        at, passed, notch = history[-3:]
        assert at is not None
        return self.belief(history[:-3]).after(self.sights[at], bool(passed), notch)

    def foreseen(self, history: History, at: int) -> float:
        """Return the chance that this model's answer will pass."""
        return dot(self.belief(history).weights, self.sights[at].accept)


def _cost(track: Track, model: Model) -> float:
    if track.totals[3] > 0.5:
        return track.totals[1] / track.totals[3]
    return model.price.of(TYPICAL) if model.price else 0.0


def _places(costs: Mapping[str, float]) -> dict[str, float]:
    """Return each model's ability as its price suggests it: along the logarithm from the cheapest to the dearest."""
    known = [log(cost) for cost in costs.values() if cost > 0.0]
    low, high = min(known, default=0.0), max(known, default=0.0)
    rise = DEAREST_ABILITY - CHEAPEST_ABILITY
    return {
        name: CHEAPEST_ABILITY + rise * ((log(cost) - low) / (high - low) if cost > 0.0 and high > low else 0.5)
        for name, cost in costs.items()
    }
