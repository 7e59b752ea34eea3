"""The day's sums as a running server keeps them are those of the ledger, and begin anew at midnight."""

import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.outcomes import HAIKU, OPUS, UNPRICED, accepted, drawn_outcomes, outcome
from tierwise.core.outcome import Verdict
from tierwise.core.reply import Usage
from tierwise.ledger.file import connect
from tierwise.ledger.rows import record_of, write_record
from tierwise.ledger.today import Today

NOON = datetime(2026, 11, 28, 12).astimezone()
MILLION = Usage(input=1_000_000)


def drawn_from() -> float:
    """The day of the first of the drawn outcomes."""
    return 1_790_000_000.0


class Clock:
    """Stands still until it is set; seconds since the epoch."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now.timestamp()


@settings(max_examples=30, deadline=None)
@given(st.lists(drawn_outcomes(), max_size=4))
def test_added_one_by_one_they_are_what_the_ledger_adds_up_to(drawn):
    kept = Today(drawn_from, OPUS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        with closing(connect(path)) as connection:
            for each in drawn:
                kept.add(each)
                write_record(record_of(each), connection)
        read = Today.read(path, OPUS, drawn_from)
    assert (read.spent, read.saved) == (pytest.approx(kept.spent), pytest.approx(kept.saved))
    assert read.unpriced == kept.unpriced


def test_midnight_ends_all_sums_of_a_server_that_was_started_the_day_before(tmp_path):
    clock = Clock()
    path = tmp_path / "ledger.sqlite3"
    with closing(connect(path)) as connection:
        write_record(record_of(outcome(accepted(usage=MILLION, started=clock()))), connection)
    today = Today.read(path, OPUS, clock)
    assert (today.spent, today.saved) == (1.0, pytest.approx(9.0))  # a prompt past OPUS's limit costs it twice as much
    today.add(outcome(accepted(model=UNPRICED)))
    assert (today.turn(), today.unpriced) == (False, 1)
    clock.now += timedelta(days=1)
    assert today.turn(), "an idle server, which nothing is added to, looks at the calendar by itself"
    assert (today.spent, today.unpriced, today.saved) == (0.0, 0, 0.0)
    today.add(outcome(accepted(usage=MILLION)))
    assert today.spent == 1.0


def test_what_is_added_after_midnight_is_the_new_day_s_alone():
    clock = Clock()
    today = Today(clock, HAIKU)
    today.add(outcome(accepted(usage=MILLION), accepted(model=UNPRICED)))
    clock.now += timedelta(days=1)
    judged = (Verdict(check="judge", passed=True, score=1.0, cost=0.25),)
    today.add(outcome(accepted(usage=MILLION, verdicts=judged)))
    assert (today.spent, today.unpriced, today.saved) == (1.25, 0, -0.25)


def test_without_a_model_to_compare_with_nothing_is_said_to_be_saved():
    today = Today()
    today.add(outcome(accepted()))
    assert today.saved is None
