"""What a task's cheap facts say of its difficulty, before anyone has tried it."""

from collections.abc import Iterable, Mapping, Sequence

from tierwise.core.task import Fact

from .memory import Memory

FARTHEST_TILT = 2.0
"""Facts alone never move a belief farther, however many agree."""

SILENT = frozenset({"feature", "rule", "tilt", "chance", "probability", "difficulty", "beside"})
"""Signals that say where a request came from or what was decided, not what it is."""

PLACES = ("root=", "workspace=")
"""Traits that name folders of this machine."""


def placeless(memory: Memory) -> Memory:
    """Return a copy that may be given away."""
    found = memory.copy()
    for trait in [trait for trait in found.traits if trait.startswith(PLACES)]:
        del found.traits[trait]
    return found


def traits(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Return the facts as ``name=value`` that can be counted: numbers by their power of two."""
    return tuple([f"{name}={word(value)}" for name, value in facts.items() if value != "" and name not in SILENT])


def word(value: Fact) -> str:
    """Return a fact's value as it is counted."""
    if isinstance(value, str):
        return value
    return str(int(value).bit_length())


def note_traits(memory: Memory, words: Iterable[str], difficulty: float, weight: float = 1.0) -> None:
    """Count a task of this difficulty for each of its traits."""
    once, square = weight * difficulty, weight * difficulty * difficulty
    for trait in words:
        sums = memory.traits.get(trait)
        if sums is None:
            sums = memory.traits[trait] = [0.0, 0.0, 0.0]
        sums[0] += weight
        sums[1] += once
        sums[2] += square


def tilts(memory: Memory) -> dict[str, dict[str, float]]:
    """Return by fact and value how far it moves the belief about a task, towards hard above 0.

    A fact's values count only as far as they differ by more than chance: the spread between them is measured against
    the spread inside them (DerSimonian and Laird's estimate), and each value is shrunk accordingly.
    """
    by_fact: dict[str, list[tuple[str, list[float]]]] = {}
    for trait, sums in memory.traits.items():
        fact, _, value = trait.partition("=")
        if sums[0] > 0.5:
            by_fact.setdefault(fact, []).append((value, sums))
    shrunk = {fact: _shrunk(values) for fact, values in by_fact.items()}
    return {fact: table for fact, table in shrunk.items() if table}


def _shrunk(values: Sequence[tuple[str, list[float]]]) -> dict[str, float]:
    total = sum(sums[0] for _, sums in values)
    if len(values) < 2 or total < 10:
        return {}
    mean = sum(sums[1] for _, sums in values) / total
    inside = sum(sums[2] - sums[1] ** 2 / sums[0] for _, sums in values) / max(total - len(values), 1.0)
    room = total - sum(sums[0] ** 2 for _, sums in values) / total
    if inside <= 0.0 or room <= 0.0:
        return {}
    heterogeneity = sum(sums[0] * (sums[1] / sums[0] - mean) ** 2 for _, sums in values) / inside
    between = (heterogeneity - (len(values) - 1)) * inside / room
    if between <= 0.0:
        return {}
    # Tilting a density of this variance exponentially by t shifts its mean by variance times t.
    return {
        value: (sums[1] / sums[0] - mean) * sums[0] / (sums[0] + inside / between) / inside for value, sums in values
    }
