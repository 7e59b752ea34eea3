"""What the user's word on answers tells of the checks, and how ``tierwise tune --ledger`` uses it: a real ledger."""

import asyncio
from pathlib import Path

import pytest

from ledger.outcomes import HAIKU, OPUS, accepted, attempt, outcome
from tierwise.cli import main
from tierwise.core.outcome import Feedback, Signal, Verdict
from tierwise.ledger.sqlite import open as open_ledger
from tierwise.policies.learning.file import load
from tierwise.policies.learning.gate import BINS
from tierwise.policies.learning.memory import Memory
from tierwise.replay.lessons import recorded
from tierwise.replay.refit import page, refit
from tierwise.settings.paths import ledger_file

PASSED = Verdict(check="types", passed=True, score=1.0)
FAILED = Verdict(check="types", passed=False, score=0.4, hard=False)


async def written(path: Path, *, wrong: int, right: int, quality: float = 1.0, kind: str = "fix") -> None:
    """Record answers of fast to a kind, the first ``wrong`` of which the user takes back."""
    ledger = open_ledger(path)
    verdict = Verdict(check="types", passed=True, score=quality, hard=False)
    for number in range(wrong + right):
        name = f"{kind}-{quality}-{number}"
        await ledger.record(outcome(accepted(model=HAIKU, verdicts=(verdict,)), id=name, kind=kind))
        signal = Signal.REVERTED if number < wrong else Signal.ACCEPTED
        ledger.note(Feedback(task_id=name, signal=signal, value=1.0, at=1.0))
    await ledger.close()


async def test_rejected_answers_and_the_user_s_word_on_the_others_give_the_checks_error_rates(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    ledger = open_ledger(path)
    for number in range(40):
        low, high = attempt(model=HAIKU, verdicts=(FAILED,)), accepted(model=OPUS, verdicts=(PASSED,))
        await ledger.record(outcome(low, high, id=f"t{number}", kind="fix"))
        word = Signal.REVERTED if number < 4 else Signal.ACCEPTED
        ledger.note(Feedback(task_id=f"t{number}", signal=word, value=1.0, at=1.0))
    await ledger.close()
    memory = Memory()
    refit(memory, recorded(path))
    assert memory.verifier == pytest.approx([36 + 4, 4, 4 + 36, 4])
    assert memory.gates["fix|opus"][0] == 40
    assert memory.gates["fix|opus"][BINS] == 4


async def test_answers_of_which_nobody_told_say_nothing_of_the_checks(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite3")
    await ledger.record(outcome(accepted(verdicts=(PASSED,)), id="t", kind="fix"))
    await ledger.close()
    memory, entries = Memory(), recorded(tmp_path / "ledger.sqlite3")
    refit(memory, entries)
    assert (sum(memory.verifier), memory.gates) == (0, {})
    (line,) = page(entries)
    assert line.startswith("Nothing is known yet")


async def test_a_tier_whose_passed_answers_are_taken_back_is_proposed_to_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    await written(path, wrong=20, right=20)
    first, proposal = page(recorded(path))
    assert first.startswith("Of 40 answers you told of, 20 were wrong although they passed: 50.0% [")
    assert proposal.startswith("Proposal: begin above fast for fix (tasks.fix.tier): 20 of its 40 answers were wrong")


async def test_a_threshold_is_proposed_where_only_the_better_marks_hold(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    await written(path, wrong=10, right=5, quality=0.85)
    await written(path, wrong=0, right=40, quality=0.95)
    _, proposal = page(recorded(path))
    assert proposal == (
        "Proposal: routing.thresholds.fix.fast = 0.9: below that, 10 of its 15 answers were wrong "
        "although they passed, above it 0 of 40."
    )


async def test_answers_that_hold_lead_to_no_proposal(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    await written(path, wrong=0, right=40)
    assert len(list(page(recorded(path)))) == 1


@pytest.mark.parametrize("applied", [False, True])
async def test_tune_changes_what_editors_know_only_where_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], applied: bool
) -> None:
    path = ledger_file(None)
    await written(path, wrong=0, right=40)
    own = path.with_name("learned.json")
    own.write_text("what was there before")
    arguments = ["--apply"] if applied else []
    assert await asyncio.to_thread(main, ["tune", "--ledger", *arguments]) == 0
    told = capsys.readouterr().out
    assert "Of 40 answers you told of, 0 were wrong" in told
    if applied:
        assert load(own).tasks == pytest.approx(40, rel=1e-3)
        assert load(own).gates["fix|haiku"][0] == 40
        assert own.with_name("learned.json.before").read_text() == "what was there before"
    else:
        assert own.read_text() == "what was there before"
        assert "Nothing is changed" in told
