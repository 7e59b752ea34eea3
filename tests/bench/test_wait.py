"""How long to wait before a model is asked: the learned wait beside every fixed one, on made-up people's typing.

Nothing here reads a clock: the same seeds give the same figures on every machine.
"""

from statistics import mean
from time import perf_counter

import pytest

from bench.stopwatch import row
from bench.typists import Frontier, bursts, with_patience
from tierwise.features.suggestions.patience import LEAST_WORTH, Patience
from tierwise.features.suggestions.rhythm import Rhythm, key_of

PEOPLE, BURSTS = 40, 20
BACKEND = 0.3
"""Seconds the backend takes to answer."""


@pytest.mark.bench
@pytest.mark.parametrize("natural", [True, False], ids=["bursts end where people stop", "bursts end anywhere"])
def test_waiting_beside_fixed_debounces(natural: bool) -> None:
    people = [list(bursts(seed, BURSTS, natural=natural)) for seed in range(PEOPLE)]
    frontier = Frontier.of(people, [step / 50 for step in range(26)])
    print(
        f"\n\n{PEOPLE} people, {BURSTS} bursts of 60 keys each, {'ending at a stop' if natural else 'ending anywhere'}"
    )
    print("fixed debounce: calls a burst, last key to answer")
    for wait, calls in frontier.points:
        print(f"  {wait * 1e3:4.0f} ms {calls:8.2f} {(wait + BACKEND) * 1e3:8.0f} ms")
    print("learned, by what a call is worth: calls, over 6, wait, to answer | less waiting at equal calls, fewer calls")
    for price in (0.04, LEAST_WORTH, 0.12, 0.2):
        found = [one for typed in people for one in with_patience(typed, price)]
        calls, wait = mean(one.calls for one in found), mean(one.wait for one in found)
        over = mean(one.calls > 6 for one in found)
        print(
            f"  {price * 1e3:4.0f} ms {calls:8.2f} {over:6.1%} {wait * 1e3:5.0f} ms {(wait + BACKEND) * 1e3:5.0f} ms"
            f" | {1 - wait / frontier.wait_at(calls):6.1%} {1 - calls / frontier.calls_at(wait):6.1%}"
        )


@pytest.mark.bench
def test_what_a_decision_takes() -> None:
    patience, now, samples = Patience(Rhythm()), 0.0, list[float]()
    for stroke in (stroke for burst in bursts(1, 40) for stroke in burst):
        start = perf_counter()
        patience.press(key_of(stroke.text, ""), now)
        patience.wait(LEAST_WORTH)
        samples.append(perf_counter() - start)
        now += stroke.gap
    print("\n" + row("a key learned, a wait chosen", samples))
    assert samples
