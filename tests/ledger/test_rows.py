import json

from ledger.outcomes import HAIKU, LOCAL, OPUS, UNPRICED, accepted, attempt, cancelled, failed, outcome
from tierwise.core.decision import Role
from tierwise.core.outcome import Verdict
from tierwise.core.reply import Usage
from tierwise.ledger.rows import LONGEST, record_of


def test_a_request_stands_with_the_attempt_that_answered():
    record = record_of(outcome(attempt(), accepted(tier="mid", model=OPUS), attempt(role=Role.JUDGE)))
    assert (record.request["main"], record.request["tier"], record.request["model"]) == (1, "mid", "anthropic/opus")


def test_without_an_answer_it_stands_with_the_last_attempt_that_was_to_answer():
    record = record_of(outcome(attempt(), failed(tier="mid"), attempt(role=Role.TRIAGE)))
    assert (record.request["main"], record.request["tier"], record.request["answered"]) == (1, "mid", False)


def test_a_request_that_nobody_was_asked_stands_alone():
    record = record_of(outcome())
    assert (record.request["main"], record.request["tier"], record.request["model"]) == (None, "", "")
    assert record.request["priced"] is True
    assert record.attempts == ()


def test_each_attempt_says_what_became_of_it():
    tried = (attempt(), accepted(), cancelled(), failed(), attempt(role=Role.TRIAGE), failed(role=Role.JUDGE))
    results = [row["result"] for row in record_of(outcome(*tried)).attempts]
    assert results == ["rejected", "accepted", "cancelled", "failed", "used", "failed"]


def test_an_answer_that_used_no_tokens_came_without_a_call_and_cost_nothing():
    record = record_of(outcome(accepted(model=LOCAL, usage=Usage())))
    assert record.attempts[0]["called"] is False
    assert record.attempts[0]["cost"] == 0.0
    assert record.request["priced"] is True


def test_a_call_that_failed_before_any_token_was_still_a_call():
    assert record_of(outcome(failed())).attempts[0]["called"] is True


def test_an_unknown_price_stays_unknown():
    record = record_of(outcome(accepted(model=UNPRICED)))
    assert record.attempts[0]["cost"] is None
    assert record.attempts[0]["price_date"] is None
    assert record.request["priced"] is False


def test_a_call_is_booked_at_the_price_in_force_for_its_prompt():
    short, long = record_of(
        outcome(
            attempt(model=OPUS, usage=Usage(input=2_000, output=10)),
            accepted(model=OPUS, usage=Usage(input=1_500, cache_read=501, output=10)),
        )
    ).attempts
    assert (short["price_input"], short["price_long"]) == (5.0, False)
    assert (long["price_input"], long["price_long"]) == (10.0, True)
    assert long["cost"] == (1_500 * 10 + 501 * 1 + 10 * 37.5) / 1_000_000


def test_the_user_waits_from_the_first_call_to_the_end_of_the_last_with_its_checks():
    slow = Verdict(check="types", passed=True, score=1.0, seconds=0.5)
    record = record_of(
        outcome(
            attempt(started=1_790_000_000.0, seconds=1.0, verdicts=()),
            accepted(started=1_790_000_001.0, seconds=2.0, first_token=0.25, verdicts=(slow,)),
        )
    )
    assert record.request["first_token"] == 1.25
    assert record.request["waited"] == 3.5


def test_nobody_waited_for_an_answer_that_never_came():
    record = record_of(outcome(cancelled()))
    assert record.request["first_token"] is record.request["waited"] is None


def test_what_strays_into_a_signal_or_reason_is_cut():
    record = record_of(outcome(accepted(), signals={"odd": "x" * 10_000}, reason="y" * 10_000))
    assert json.loads(str(record.request["signals"])) == {"odd": "x" * LONGEST}
    assert record.request["reason"] == "y" * LONGEST


def test_evidence_is_kept_only_where_the_user_asked_for_it():
    tried = outcome(attempt())
    assert "unmistakable_evidence" not in str(record_of(tried).attempts)
    assert "unmistakable_evidence" in str(record_of(tried, keep_text=True).attempts)


def test_the_attempts_cost_is_what_the_core_says():
    tried = accepted(model=HAIKU, usage=Usage(input=1_234, output=56, cache_read=789, cache_write=12, reasoning=9))
    assert record_of(outcome(tried)).attempts[0]["cost"] == tried.cost
