"""The search for the best ladder is written for speed: here is the same, written plainly, and both must agree."""

from collections.abc import Sequence
from math import exp
from pathlib import Path
from typing import Any

import pytest

from replay.worlds import rows, write
from tierwise.core.model import Model
from tierwise.core.task import Task, TaskKind
from tierwise.policies.caches import Caches
from tierwise.policies.learned import Learned
from tierwise.policies.learning.belief import NOTCH, Belief
from tierwise.policies.learning.curve import Sight
from tierwise.policies.learning.plan import Plan, search
from tierwise.policies.learning.stance import Stance
from tierwise.replay.outcomes import read
from tierwise.replay.run import Stage, shuffled
from tierwise.replay.stage import Draws, Noise, tiers
from tierwise.replay.tuning import learn

POOL = ("silly", "small", "middle", "large")


def plainly(
    belief: Belief, sights: Sequence[Sight], worth: float, patience: float, start: int, savings: Sequence[float]
) -> Plan:
    """Weigh every increasing ladder, none left out."""
    mean, variance = belief.size_sum / belief.size_precision, 1 / belief.size_precision
    loads = [sight.curve.size * (sight.curve.spread_right + sight.curve.spread_wrong) / 2 for sight in sights]
    sizes = [exp(load * mean - load * load * (1 - variance) / 2) for load in loads]

    def climb(reach: list[float], kept: Sequence[float], begin: int) -> tuple[float, float, float, tuple[int, ...]]:
        solved = sum(a * b for a, b in zip(reach, kept, strict=True))
        best = (worth * solved, solved, 0.0, tuple[int, ...]())
        for at in range(begin, len(sights)):
            sight = sights[at]
            accepted = [p * (1 - sight.false_reject) for p in sight.solve]
            rejected = [
                r * (1 - a - (1 - p) * sight.false_accept) for r, a, p in zip(reach, accepted, sight.solve, strict=True)
            ]
            mine = sum(r * p * sight.false_reject for r, p in zip(reach, sight.solve, strict=True))
            old = sum(a * b for a, b in zip(rejected, kept, strict=True))
            gain, chance, paid, ladder = climb(rejected, sight.after_reject if mine >= old else kept, at + 1)
            hit = sum(a * b for a, b in zip(reach, accepted, strict=True))
            cost = sizes[at] * sum(a * b for a, b in zip(reach, sight.cost, strict=True))
            cost += (patience * sight.curve.seconds - (savings[at] if savings else 0.0)) * sum(reach)
            cost = max(0.0, cost)
            if gain + worth * hit - cost > best[0]:
                best = (gain + worth * hit - cost, hit + chance, cost + paid, (at, *ladder))
        return best

    likeliest = max(belief.candidates, key=lambda chances: sum(map(float.__mul__, belief.weights, chances)), default=[])
    gain, chance, cost, ladder = climb(belief.weights, likeliest or [0.0] * len(belief.weights), start)
    return Plan(ladder=ladder, gain=gain, chance=chance, cost=cost)


def believed_plainly(before: Belief, sight: Sight, passed: bool, notch: int | None) -> list[float]:
    """Return the weights after an attempt by Bayes' rule, point by point."""
    curve = sight.curve
    right, wrong = (
        (1 - sight.false_reject, sight.false_accept) if passed else (sight.false_reject, 1 - sight.false_accept)
    )
    known, variance = curve.size * before.size_sum / before.size_precision, 1.0
    variance -= curve.size**2 * (1 - 1 / before.size_precision)

    def density(level: float, spread: float) -> float:
        if notch is None:
            return 1.0
        return exp(-((notch * NOTCH - known * spread - level) ** 2) / (2 * spread**2 * variance)) / spread

    weights = [
        weight * (p * right * density(high, curve.spread_right) + (1 - p) * wrong * density(low, curve.spread_wrong))
        for weight, p, high, low in zip(before.weights, sight.solve, sight.line_right, sight.line_wrong, strict=True)
    ]
    return [weight / sum(weights) for weight in weights]


class Warm(Caches):
    """Says that the third model's calls cost less than usual, and the second one's more."""

    def savings(self, models: Sequence[Model], task: Task, kind: TaskKind) -> tuple[float, ...]:
        """See ``Caches.savings``."""
        return (0.0, -0.3, 0.8, 0.0)


@pytest.mark.parametrize(("patience", "caches"), [(0.0, Caches()), (0.001, Caches()), (0.0, Warm())])
async def test_in_a_stream_of_requests_both_decide_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: float, caches: Caches
) -> None:
    """Every plan and every belief that a replay of 250 tasks asks for, cold at first and tuned while it goes."""
    compared: list[Plan] = []

    def both(*given: Any) -> Plan:
        fast, plain = search(*given), plainly(*given)
        assert fast.ladder == plain.ladder
        assert (fast.gain, fast.chance, fast.cost) == pytest.approx((plain.gain, plain.chance, plain.cost), abs=1e-9)
        compared.append(fast)
        return fast

    after = Belief.after

    def told(before: Belief, sight: Sight, passed: bool, notch: int | None) -> Belief:
        found = after(before, sight, passed, notch)
        assert found.weights == pytest.approx(believed_plainly(before, sight, passed, notch), abs=1e-12)
        return found

    monkeypatch.setattr("tierwise.policies.learning.plans.search", both)
    monkeypatch.setattr(Belief, "after", told)
    outcomes = read([write(tmp_path / "o.csv", rows(tasks=250))]).of(POOL)
    draws = Draws(outcomes, POOL, Noise(false_accept=0.1, false_reject=0.1), 1)
    policy = Learned(
        learn(outcomes), Stance(calls=5.0, verifier=(0.1, 0.1), patience=patience, eager=True), caches=caches
    )
    await Stage(outcomes, "large").play(policy, tiers(POOL), draws, shuffled(250, 1))
    assert len({plan.ladder for plan in compared}) >= 6
