"""Estimates beside what was paid, on ledgers small enough to reckon by hand."""

from contextlib import closing

import pytest

from ledger.outcomes import HAIKU, LOCAL, OPUS, accepted, attempt, outcome
from tierwise.core.outcome import Feedback, Signal
from tierwise.core.reply import Usage
from tierwise.ledger.comparison import FEWEST, Spared, Unwanted
from tierwise.ledger.file import connect
from tierwise.ledger.report import report
from tierwise.ledger.rows import record_of, write_feedback, write_record

MILLION = Usage(input=1_000_000)
FREE = {"tier": "local", "model": LOCAL, "usage": Usage()}


@pytest.fixture
def compared(tmp_path):
    """Return the comparison of outcomes and feedback, written to a ledger."""

    def compared(*entries):
        path = tmp_path / "ledger.db"
        with closing(connect(path)) as connection:
            for entry in entries:
                if isinstance(entry, Feedback):
                    write_feedback(entry, connection)
                else:
                    write_record(record_of(entry), connection)
        return report(path).comparison

    return compared


def test_free_answers_spare_what_paid_ones_of_their_kind_cost(compared):
    made = compared(
        outcome(accepted(usage=MILLION)),
        outcome(accepted(usage=Usage(input=3_000_000))),
        outcome(accepted(**FREE)),
        outcome(accepted(**FREE)),
        outcome(accepted(tier="fast", model=HAIKU, usage=Usage())),
    )
    assert made.local == Spared(answers=2, cost=4.0, unknown=0)
    assert made.kept == Spared(answers=1, cost=2.0, unknown=0)


def test_of_a_kind_that_nobody_paid_for_nothing_is_claimed(compared):
    made = compared(outcome(accepted(usage=MILLION)), outcome(accepted(**FREE), kind="words", feature="completion"))
    assert made.local == Spared(answers=1, cost=0.0, unknown=1)


def test_the_best_single_model_is_the_cheapest_of_those_that_pass_most_often(compared):
    usage, half = Usage(input=1_000), FEWEST // 2
    haiku = [outcome(attempt(), accepted(model=OPUS, usage=usage)) for _ in range(half)]
    haiku += [outcome(accepted(usage=usage)) for _ in range(half)]
    opus = [outcome(accepted(model=OPUS, usage=usage)) for _ in range(half)]
    single = compared(*haiku, *opus).single
    assert single is not None
    assert (single.model, single.accepted, single.tries) == ("anthropic/opus", 1.0, FEWEST)
    assert single.cost == pytest.approx(3 * half * 0.005)


def test_models_that_hardly_anybody_asked_are_not_compared(compared):
    assert compared(*(outcome(accepted()) for _ in range(FEWEST - 1))).single is None


def test_answers_nobody_saw_and_answers_turned_down_are_told_apart(compared):
    seen, unseen, declined = (outcome(accepted(usage=MILLION)) for _ in range(3))
    silent = outcome(accepted(usage=MILLION), feature="hover")
    made = compared(
        seen,
        unseen,
        declined,
        silent,
        Feedback(task_id=seen.task.id, signal=Signal.ACCEPTED, value=1.0, at=1.0),
        Feedback(task_id=declined.task.id, signal=Signal.REJECTED, value=0.0, at=1.0),
    )
    assert made.unwanted == Unwanted(unseen=1.0, declined=1.0), "hovers are not told of"


def test_an_empty_ledger_compares_nothing(compared):
    made = compared()
    assert (made.local.answers, made.kept.answers, made.single) == (0, 0, None)
    assert made.unwanted == Unwanted(unseen=0.0, declined=0.0)
