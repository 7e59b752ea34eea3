"""What the ledger adds to a request, and how long a report takes."""

import asyncio
import gc
import sqlite3
import statistics
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest

from ledger.outcomes import HAIKU, OPUS, UNPRICED, accepted, attempt, cancelled, outcome
from tierwise.core.outcome import Feedback, Signal
from tierwise.ledger.file import connect
from tierwise.ledger.history import history
from tierwise.ledger.report import brief, report
from tierwise.ledger.rows import record_of, write_feedback, write_record
from tierwise.ledger.sqlite import open as open_ledger

pytestmark = pytest.mark.bench

ROUNDS = 2_000
ATTEMPTS = 100_000


def tell(what: str, durations: Iterable[float]) -> None:
    ordered = sorted(durations)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"\n{what:<58} p50 {p50 * 1e6:7.0f} us   p99 {p99 * 1e6:7.0f} us", end="")


def example(number: int):
    return outcome(attempt(), accepted(tier="mid"), id=str(number))


async def test_recording_an_outcome(tmp_path: Path) -> None:
    floor = bare_commits(tmp_path / "floor.db")
    same = same_rows(tmp_path / "same.db")
    ledger = open_ledger(tmp_path / "ledger.db")
    durations: list[float] = []
    for number in range(ROUNDS):
        told = example(number)
        await asyncio.sleep(0.001)  # an editor's requests come one by one, and the thread has gone to sleep
        begin = perf_counter()
        await ledger.record(told)
        durations.append(perf_counter() - begin)
    await ledger.close()
    tell("floor: commit of one row of one number, same thread", floor)
    tell("the same rows as record(), same thread, commit", same)
    tell("record(): a request of two attempts, committed", durations)


async def test_recording_while_others_record(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    durations: list[float] = []

    async def one(number: int) -> None:
        told = example(number)
        begin = perf_counter()
        await ledger.record(told)
        durations.append(perf_counter() - begin)

    for burst in range(ROUNDS // 20):
        await asyncio.gather(*(one(burst * 20 + number) for number in range(20)))
    await ledger.close()
    tell("record(): twenty at once, each one's own wait", durations)


def test_reading_a_report(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    filled(path)
    print()
    with closing(sqlite3.connect(path)) as connection:
        clock(
            "floor: sum(cost) over all attempts",
            lambda: connection.execute("SELECT sum(cost) FROM attempts").fetchone(),
        )
    clock(f"report over {ATTEMPTS:,} attempts, all tables", lambda: report(path, frontier=OPUS))
    clock(
        "report over the last tenth of them",
        lambda: report(path, since=1_790_000_000 + ATTEMPTS * 0.9 / 2, frontier=OPUS),
    )
    clock("the total of the last hundredth of them", lambda: brief(path, since=1_790_000_000 + ATTEMPTS * 0.99 / 2))
    clock("the last 10 decisions", lambda: history(path, last=10))


def clock(what: str, work) -> None:
    durations: list[float] = []
    for _ in range(3):
        gc.collect()
        begin = perf_counter()
        work()
        durations.append(perf_counter() - begin)
    print(f"{what:<58} median {statistics.median(durations) * 1000:8.1f} ms")


def bare_commits(path: Path) -> list[float]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE rows (number INTEGER)")
        durations: list[float] = []
        for number in range(ROUNDS):
            begin = perf_counter()
            connection.execute("INSERT INTO rows VALUES (?)", (number,))
            durations.append(perf_counter() - begin)
    return durations


def same_rows(path: Path) -> list[float]:
    durations: list[float] = []
    with closing(connect(path)) as connection:
        for number in range(ROUNDS):
            told = example(number)
            begin = perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            write_record(record_of(told), connection)
            connection.execute("COMMIT")
            durations.append(perf_counter() - begin)
    return durations


def filled(path: Path) -> None:
    """Write half as many requests as attempts, one a second, of four features, three models and every end."""
    features = ("inline_completion", "hover", "code_action", "completion")
    with closing(connect(path)) as connection:
        connection.execute("BEGIN")
        for number in range(ATTEMPTS // 2):
            at = 1_790_000_000.0 + number
            last = (accepted, cancelled, accepted, attempt)[number % 4](
                started=at + 0.5, tier="mid", model=(HAIKU, OPUS, UNPRICED)[number % 3], seconds=number % 97 / 50
            )
            told = outcome(attempt(started=at), last, feature=features[number % 4], id=str(number))
            write_record(record_of(told), connection)
            if number % 3 == 0:
                signal = Signal.ACCEPTED if number % 2 else Signal.SHOWN
                write_feedback(Feedback(task_id=str(number), signal=signal, value=1.0, at=at + 2), connection)
        connection.execute("COMMIT")
