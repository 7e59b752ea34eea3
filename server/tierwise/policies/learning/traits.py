"""What a task's cheap facts say of its difficulty, before anyone has tried it."""

from collections.abc import Iterable, Mapping, Sequence
from math import log2

from tierwise.core.task import Fact

from .memory import Memory

NEAREST_TILT, FARTHEST_TILT = -2.0, 2.0

SILENT = ("feature", "rule")
"""Facts that say where a request came from, not what it is."""


def traits(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Return the facts as words that can be counted: numbers by their power of two."""
    return tuple(
        f"{name}={_word(value)}" for name, value in facts.items() if value != "" and name not in SILENT
    )


def _word(value: Fact) -> Fact:
    if isinstance(value, bool) or isinstance(value, str):
        return value
    return int(log2(value)) if value >= 1 else 0


def note_traits(memory: Memory, words: Iterable[str], difficulty: float, weight: float = 1.0) -> None:
    """Count a task of this difficulty for each of its traits."""
    for word in words:
        sums = memory.traits.get(word)
        if sums is None:
            sums = memory.traits[word] = [0.0, 0.0, 0.0]
        sums[0] += weight
        sums[1] += weight * difficulty
        sums[2] += weight * difficulty * difficulty


def tilts(memory: Memory) -> dict[str, float]:
    """Return for each trait how far it moves the belief about a task, towards hard above 0.

    A fact's values count only as far as they differ by more than chance: per fact, the spread between its values is
    measured against the spread inside them (DerSimonian and Laird's estimate), and each value is shrunk accordingly.
    """
    found: dict[str, float] = {}
    by_fact: dict[str, list[tuple[str, list[float]]]] = {}
    for word, sums in memory.traits.items():
        by_fact.setdefault(word.partition("=")[0], []).append((word, sums))
    for values in by_fact.values():
        found.update(_shrunk(values))
    return found


def _shrunk(values: Sequence[tuple[str, list[float]]]) -> dict[str, float]:
    counted = [(word, sums) for word, sums in values if sums[0] > 0.5]
    total = sum(sums[0] for _, sums in counted)
    if len(counted) < 2 or total < 10:
        return {}
    mean = sum(sums[1] for _, sums in counted) / total
    inside = sum(sums[2] - sums[1] ** 2 / sums[0] for _, sums in counted) / max(total - len(counted), 1.0)
    if inside <= 0.0:
        return {}
    heterogeneity = sum(sums[0] * (sums[1] / sums[0] - mean) ** 2 for _, sums in counted) / inside
    room = total - sum(sums[0] ** 2 for _, sums in counted) / total
    between = max(0.0, (heterogeneity - (len(counted) - 1)) * inside / room) if room > 0 else 0.0
    if between == 0.0:
        return {}
    # In an exponential tilt of a density with this variance, a shift of the mean is variance times tilt.
    return {
        word: (sums[1] / sums[0] - mean) * sums[0] / (sums[0] + inside / between) / inside for word, sums in counted
    }
