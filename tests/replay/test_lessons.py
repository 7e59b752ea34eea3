"""What the ledger teaches: a real file, written by the real writer."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.outcomes import HAIKU, LOCAL, OPUS, accepted, attempt, outcome
from tierwise.core.outcome import Feedback, Signal, Verdict
from tierwise.ledger.sqlite import open as open_ledger
from tierwise.replay.lessons import PASSED, REJECTED, cases

FAILED = Verdict(check="types", passed=False, score=0.0)


async def test_each_answer_of_a_task_is_a_trial_and_the_user_s_word_beats_the_checks(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    ledger = open_ledger(path)
    rejected = replace(attempt(model=HAIKU), verdicts=(FAILED,))
    await ledger.record(outcome(rejected, replace(accepted(), model=OPUS), id="climbed"))
    await ledger.record(outcome(accepted(), id="reverted"))
    ledger.note(Feedback(task_id="reverted", signal=Signal.ACCEPTED, value=1.0, at=1.0))
    ledger.note(Feedback(task_id="reverted", signal=Signal.REVERTED, value=0.0, at=2.0))
    await ledger.close()
    first, second = sorted(cases(path), key=lambda case: -len(case.trials))
    assert [(trial.model, trial.solved) for trial in first.trials] == [("haiku", REJECTED), ("opus", PASSED)]
    assert [trial.solved for trial in second.trials] == [0.0]
    assert first.trials[0].cost == pytest.approx(HAIKU.price.of(rejected.usage) if HAIKU.price else None)


def test_a_ledger_that_is_not_there_teaches_nothing(tmp_path: Path) -> None:
    assert cases(tmp_path / "none.sqlite3") == ()


async def test_the_workspace_s_own_answers_teach_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    ledger = open_ledger(path)
    await ledger.record(outcome(accepted(model=LOCAL, tier="local"), id="sure"))
    await ledger.record(outcome(accepted(), id="asked"))
    await ledger.close()
    assert [[trial.model for trial in case.trials] for case in cases(path)] == [["haiku"]]
