"""From the start of the process to the answer to ``initialize``, beside what Python and pygls need for the same."""

import subprocess
import sys
from time import perf_counter, sleep

import pytest

from bench.stopwatch import KINDS, PipeClient, row
from bench.test_keystroke import LINE, URI, keystroke

ROUNDS = 15
INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}


def until_initialized(kind: str) -> tuple[float, float]:
    """Return the seconds until the answer, and the memory in MB a second later."""
    with PipeClient(kind) as client:
        client.ask(1, "initialize", INITIALIZE)
        elapsed = perf_counter() - client.started
        client.tell("initialized", {})
        sleep(1)
        return elapsed, client.memory()


def bare_python() -> float:
    """Return the seconds that Python needs to start and stop."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return perf_counter() - start


@pytest.mark.bench
def test_start_until_initialize_is_answered() -> None:
    """Taken in turns, so that a busy machine disturbs all alike. Budget: 150 ms."""
    python = [bare_python() for _ in range(ROUNDS)]
    samples: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind in KINDS:
            samples[kind].append(until_initialized(kind))
    print(f"\n\nprocess start until initialize is answered, {ROUNDS} rounds")
    print(row("python -c pass", python))
    for kind, taken in samples.items():
        memory = max(memory for _, memory in taken)
        print(row(kind, [seconds for seconds, _ in taken], f"{memory:.0f} MB a second later"))
    assert all(seconds > 0 for taken in samples.values() for seconds, _ in taken)


def type_at_once() -> list[float]:
    """Return the seconds of each keystroke in the half second after ``initialize`` was answered."""
    with PipeClient("tierwise") as client:
        client.ask(1, "initialize", INITIALIZE)
        client.tell("initialized", {})
        item = {"uri": URI, "languageId": "python", "version": 1, "text": LINE * 500}
        client.tell("textDocument/didOpen", {"textDocument": item})
        samples: list[float] = []
        begun = perf_counter()
        while perf_counter() - begun < 0.5:
            data = keystroke(len(samples), 250)
            start = perf_counter()
            client.write(data)
            client.read()
            samples.append(perf_counter() - start)
            sleep(0.005)
        return samples


@pytest.mark.bench
def test_keystrokes_while_pygls_is_still_imported() -> None:
    """Whoever types at once is served while the import runs in its thread."""
    samples = [sample for _ in range(5) for sample in type_at_once()]
    print(f"\n\nedit + inline request in the first half second, {len(samples)} keys")
    print(row("tierwise", samples))
    assert samples
