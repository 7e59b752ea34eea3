"""Learning from a table of outcomes at once, where several models tried the same tasks: expectation-maximisation.

The expectation of each task's difficulty given who solved it, and the curves that those difficulties suggest, improve
each other until they agree (Bock and Aitkin's marginal estimation for item-response models).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from .curve import Curve, fit, success
from .grid import DENSITY_SPREAD, GRID, bell, dot, normal
from .memory import Memory
from .traits import note_traits

ROUNDS = 30
"""After thirty rounds the curves of recorded agent runs move by less than a hundredth."""

PRIOR_TASKS = 20.0
"""What the normal density weighs against the tasks' own, in tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One model's recorded try at a task: ``solved`` in [0, 1] (a share where it tried several times), ``cost`` in
    dollars, ``seconds`` 0 where unknown.
    """

    model: str
    solved: float
    cost: float | None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A task with its cheap traits (``fact=value``) and who tried it."""

    traits: tuple[str, ...]
    trials: tuple[Trial, ...]


def study(cases: Sequence[Case]) -> Memory:
    """Return what a memory learns from the cases."""
    memory = Memory()
    density = bell()
    beliefs: list[list[float]] = []
    curves: dict[str, tuple[float, float]] = _first_guess(cases)
    for _ in range(ROUNDS):
        beliefs = [_difficulty(case, density, _logarithms(curves)) for case in cases]
        memory = _tally(cases, beliefs)
        curves = {name: (curve.ability, curve.slope) for name, curve in _curves(memory).items()}
        density = smooth_density(memory.density)
    _measure_sizes(memory, cases, beliefs)
    for case, belief in zip(cases, beliefs, strict=True):
        note_traits(memory, case.traits, dot(belief, GRID))
    return memory


def smooth_density(counts: Sequence[float]) -> list[float]:
    """Return the density of difficulty that the counts suggest, drawn to the normal one and smoothed."""
    pulled = [count + PRIOR_TASKS * prior for count, prior in zip(counts, bell(), strict=True)]
    padded = [pulled[0], *pulled, pulled[-1]]
    return normal([a / 4 + b / 2 + c / 4 for a, b, c in zip(padded, padded[1:], padded[2:], strict=False)])


def _first_guess(cases: Sequence[Case]) -> dict[str, tuple[float, float]]:
    tries: dict[str, list[float]] = {}
    for case in cases:
        for trial in case.trials:
            tries.setdefault(trial.model, []).append(trial.solved)
    return {name: (DENSITY_SPREAD * _logit(solved), 2.0) for name, solved in tries.items()}


def _logit(solved: Sequence[float]) -> float:
    right = sum(solved)
    return log((right + 1) / (len(solved) - right + 1))


def _logarithms(curves: Mapping[str, tuple[float, float]]) -> dict[str, tuple[list[float], list[float]]]:
    chances = {name: success(*curve) for name, curve in curves.items()}
    return {name: ([log(p) for p in row], [log(1 - p) for p in row]) for name, row in chances.items()}


def _difficulty(
    case: Case, density: Sequence[float], logarithms: Mapping[str, tuple[list[float], list[float]]]
) -> list[float]:
    total = [log(value) for value in density]
    for trial in case.trials:
        right, wrong = logarithms[trial.model]
        total = [old + trial.solved * a + (1 - trial.solved) * b for old, a, b in zip(total, right, wrong, strict=True)]
    top = max(total)
    return normal([exp(value - top) for value in total])


def _tally(cases: Sequence[Case], beliefs: Sequence[Sequence[float]]) -> Memory:
    memory = Memory()
    for case, belief in zip(cases, beliefs, strict=True):
        memory.density = [old + new for old, new in zip(memory.density, belief, strict=True)]
        for trial in case.trials:
            memory.track(trial.model).add(belief, [trial.solved] * len(GRID), trial.cost, trial.seconds)
    return memory


def _curves(memory: Memory) -> dict[str, Curve]:
    return {name: fit(track) for name, track in memory.tracks.items()}


def _measure_sizes(memory: Memory, cases: Sequence[Case], beliefs: Sequence[Sequence[float]]) -> None:
    """Find how much of each model's cost the task's size explains: one factor behind the standardised residuals."""
    curves = _curves(memory)
    rows = [
        {trial.model: _residual(curves[trial.model], trial, dot(belief, GRID)) for trial in case.trials if trial.cost}
        for case, belief in zip(cases, beliefs, strict=True)
    ]
    loads = dict.fromkeys(curves, 0.5)
    for _ in range(ROUNDS):
        sums = {name: [0.0, 0.0, 0.0] for name in loads}
        for row in rows:
            size, variance = _size(row, loads)
            for name, residual in row.items():
                sums[name][0] += residual * size
                sums[name][1] += size * size + variance
                sums[name][2] += 1
        loads = {name: max(0.0, min(0.95, a / b)) if b else 0.0 for name, (a, b, _) in sums.items()}
        for name, (_, _, count) in sums.items():
            memory.tracks[name].totals[4:] = [loads[name] * count, count]


def _residual(curve: Curve, trial: Trial, difficulty: float) -> float:
    level = trial.solved * curve.right + (1 - trial.solved) * curve.wrong + curve.hardness * difficulty
    spread = sqrt(trial.solved * curve.spread_right**2 + (1 - trial.solved) * curve.spread_wrong**2)
    return (log(trial.cost or 1.0) - level) / spread


def _size(row: Mapping[str, float], loads: Mapping[str, float]) -> tuple[float, float]:
    precision, total = 1.0, 0.0
    for name, residual in row.items():
        load = loads[name]
        rest = 1 - load * load
        precision += load * load / rest
        total += load * residual / rest
    return total / precision, 1 / precision
