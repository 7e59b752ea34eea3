import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from ledger.outcomes import accepted, outcome
from tierwise.core.outcome import Feedback, Signal
from tierwise.ledger.file import connect, is_busy
from tierwise.ledger.history import history
from tierwise.ledger.migrations import MIGRATIONS, migrate, version
from tierwise.ledger.rows import record_of, write_feedback, write_record


def opened(path):
    return closing(sqlite3.connect(path, isolation_level=None, timeout=5))


def schema(connection):
    return sorted(connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall())


@pytest.fixture
def newest(tmp_path):
    with closing(connect(tmp_path / "newest.db")) as connection:
        return schema(connection)


def without_later_columns(record):
    """Return the record as the first version wrote it."""
    attempts = [{name: value for name, value in row.items() if name != "beginning"} for row in record.attempts]
    return replace(record, attempts=tuple(attempts))


@pytest.mark.parametrize("old", range(len(MIGRATIONS)))
def test_every_older_version_becomes_the_newest_and_keeps_what_it_holds(tmp_path, newest, old):
    path = tmp_path / "old.db"
    with opened(path) as connection:
        migrate(connection, MIGRATIONS[:old])
        if old >= 1:
            write_record(without_later_columns(record_of(outcome(accepted(), id="before"))), connection)
        if old >= 2:
            write_feedback(Feedback(task_id="before", signal=Signal.ACCEPTED, value=1.0, at=1.0), connection)
    with closing(connect(path)) as connection:
        assert schema(connection) == newest
        assert version(connection) == len(MIGRATIONS)
    assert [entry.task for entry in history(path)] == (["before"] if old >= 1 else [])


@pytest.mark.parametrize("old", range(len(MIGRATIONS)))
def test_reading_an_older_version_brings_it_up_to_date_first(tmp_path, old):
    path = tmp_path / "old.db"
    with opened(path) as connection:
        migrate(connection, MIGRATIONS[:old])
    assert history(path) == ()


def test_a_step_is_taken_once():
    taken = []
    with opened(":memory:") as connection:
        for _ in range(3):
            migrate(connection, (lambda _: taken.append(1), lambda _: taken.append(2)))
        migrate(connection, (lambda _: taken.append(1), lambda _: taken.append(2), lambda _: taken.append(3)))
    assert taken == [1, 2, 3]


def test_a_step_that_fails_leaves_the_file_as_it_was():
    def breaks(connection):
        connection.execute("CREATE TABLE half (a)")
        raise RuntimeError("no")

    with opened(":memory:") as connection:
        before = schema(connection)
        with pytest.raises(RuntimeError):
            migrate(connection, (*MIGRATIONS, breaks))
        assert schema(connection) == before
        assert version(connection) == 0


def test_several_editors_may_open_a_new_ledger_at_once(tmp_path, newest):
    path = tmp_path / "ledger.db"

    def open_it(_):
        for _ in range(50):
            try:
                connect(path).close()
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
            else:
                return
        pytest.fail("never opened")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(open_it, range(8)))
    with closing(connect(path)) as connection:
        assert schema(connection) == newest
