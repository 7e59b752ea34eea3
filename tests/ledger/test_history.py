from contextlib import closing

import pytest

from ledger.outcomes import UNPRICED, accepted, attempt, cancelled, failed, outcome
from tierwise.core.outcome import Feedback, Signal
from tierwise.ledger.file import connect
from tierwise.ledger.history import Step, history
from tierwise.ledger.rows import record_of, write_feedback, write_record


@pytest.fixture
def write(tmp_path):
    path = tmp_path / "ledger.db"

    def write(*outcomes):
        with closing(connect(path)) as connection:
            for each in outcomes:
                write_record(record_of(each), connection)
            write_feedback(Feedback(task_id="a", signal=Signal.PARTIAL, value=0.4, at=7.0), connection)
        return path

    return write


def test_a_decision_comes_back_with_its_reason_ladder_and_signals(write):
    told = outcome(accepted(), id="a", facts={"workspace": "/home/ada/project"})
    (entry,) = history(write(told))
    assert (entry.task, entry.feature, entry.kind, entry.language) == (
        "a",
        "inline_completion",
        "autocomplete",
        "python",
    )
    assert entry.workspace == "/home/ada/project"
    assert (entry.policy, entry.reason, entry.confidence) == ("rules", told.decision.reason, 1.0)
    assert entry.signals == told.decision.signals
    assert entry.ladder == (
        Step(tier="fast", role="answer", accept_at=0.5, models=()),
        Step(tier="frontier", role="answer", accept_at=0.0, models=("anthropic/opus",)),
    )
    assert entry.feedback == (Feedback(task_id="a", signal=Signal.PARTIAL, value=0.4, at=7.0),)


def test_every_attempt_comes_back_in_order_as_it_was(write):
    told = outcome(attempt(started=1.0), failed(started=2.0), accepted(started=3.0, tier="mid"))
    (entry,) = history(write(told))
    assert [tried.result for tried in entry.attempts] == ["rejected", "failed", "accepted"]
    for tried, was in zip(entry.attempts, told.attempts, strict=True):
        assert (tried.role, tried.tier, tried.model) == (was.role, was.tier, was.model.ref)
        assert (tried.started, tried.first_token, tried.seconds) == (was.started, was.first_token, was.seconds)
        assert (tried.usage, tried.price, tried.cost) == (was.usage, was.model.price, was.cost)
        assert tried.quality == was.quality
        assert [verdict.check for verdict in tried.verdicts] == [verdict.check for verdict in was.verdicts]
    assert entry.attempts[2].resolved == "haiku-20261001"
    assert entry.attempts[2].finish == "stop"
    assert (entry.attempts[1].failure, entry.attempts[1].status) == ("overloaded", 529)
    assert "overloaded" in str(entry.attempts[1].message)
    assert entry.cost == told.cost


def test_a_decisions_cost_is_unknown_where_one_attempts_is(write):
    (entry,) = history(write(outcome(attempt(), accepted(model=UNPRICED))))
    assert entry.cost is None


def test_the_last_ones_come_newest_first(write):
    path = write(*(outcome(accepted(started=float(moment)), id=str(moment)) for moment in (5, 3, 9, 7)))
    assert [entry.task for entry in history(path, last=3)] == ["9", "7", "5"]


def test_one_features_decisions_can_be_picked(write):
    path = write(outcome(accepted(), feature="hover", id="a"), outcome(cancelled(), id="b"))
    assert [entry.task for entry in history(path, feature="hover")] == ["a"]
    assert history(path, feature="nonesuch") == ()


def test_a_ledger_that_is_not_there_has_no_decisions(tmp_path):
    assert history(tmp_path / "none.db") == ()
