"""What is known at the levels above the user's own record, and how far it counts beside that.

A record is a sum of outcomes, so that a level's record, scaled down to so many outcomes at most, is the prior of the
level below: it decides where nothing else is known, and own outcomes outweigh it as they come (an empirical-Bayes prior
written as pseudo-counts).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from .drift import KEPT
from .memory import Memory, Track

OWN, TEAM, BUNDLED = "own", "team", "bundled"

TEAM_WEIGHT = 40.0
"""What a team's record counts at most, in outcomes of a model. Own outcomes fade by half in 300 tries, so that a busy
user's record comes to several times as much; after 40 of them it says as much as the team's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A record above the user's own, the nearest first; ``memory`` is no heavier than it shall ever count."""

    name: str
    memory: Memory


class Levels:
    """The user's ``own`` record with what stands ``behind`` it."""

    def __init__(self, own: Memory, behind: Sequence[Level] = ()) -> None:
        self.own, self.behind = own, tuple(behind)

    def together(self, fallen: Collection[str] = ()) -> Memory:
        """Return all that is known; of a model that has ``fallen``, others' experience is let go like one's own."""
        if not self.behind:
            return self.own
        found = self.own.copy()
        for level in self.behind:
            found.merge(level.memory)
            tracks = level.memory.tracks
            found.merge(Memory(tracks={name: tracks[name] for name in fallen if name in tracks}), KEPT - 1.0)
        return found

    def tries(self, model: str) -> tuple[tuple[str, float], ...]:
        """Return how many tries each level knows of a model, the nearest level first, silent ones left out."""
        levels = ((OWN, self.own), *((level.name, level.memory) for level in self.behind))
        found = ((name, memory.tracks[model].count) for name, memory in levels if model in memory.tracks)
        return tuple((name, count) for name, count in found if count >= 0.5)

    def speaker(self, model: str) -> str:
        """Return the level that says most of what is known of a model: the package where nobody has tried it."""
        return max(self.tries(model), key=lambda told: told[1], default=(BUNDLED, 0.0))[0]


def lightened(memory: Memory, most: float) -> Memory:
    """Return the memory scaled down to so many outcomes at most, table by table.

    Gates are left out: the promise they keep is about the user's own work.
    """
    found = Memory(
        tracks={name: _lightened_track(track, most) for name, track in memory.tracks.items()},
        density=_scaled(memory.density, _share(sum(memory.density), most)),
        verifier=_scaled(memory.verifier, _share(memory.verifier[0] + memory.verifier[2], most)),
    )
    for _, group in groupby(sorted(memory.traits), key=lambda trait: trait.partition("=")[0]):
        names = list(group)
        share = _share(sum(memory.traits[name][0] for name in names), most)
        found.traits |= {name: _scaled(memory.traits[name], share) for name in names}
    return found


def _lightened_track(track: Track, most: float) -> Track:
    share = _share(track.count, most)
    fresh = Track()
    for mine, theirs in zip(fresh.lists(), track.lists(), strict=True):
        mine[:] = _scaled(theirs, share)
    return fresh


def _share(weight: float, most: float) -> float:
    return min(1.0, most / weight) if weight > 0.0 else 0.0


def _scaled(sums: Sequence[float], share: float) -> list[float]:
    return [value * share for value in sums]
