"""The report against the same sums made in plain Python from the outcomes themselves."""

import math
from contextlib import closing
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.outcomes import (
    HAIKU,
    LOCAL,
    OPUS,
    UNPRICED,
    accepted,
    attempt,
    cancelled,
    drawn_outcomes,
    failed,
    outcome,
)
from tierwise.core.decision import Role
from tierwise.core.outcome import Feedback, Signal, Verdict
from tierwise.core.reply import FailureKind, Usage
from tierwise.ledger.file import connect
from tierwise.ledger.lines import Waste
from tierwise.ledger.report import brief, latest_model, report
from tierwise.ledger.rows import record_of, write_feedback, write_record


def exactly(dollars):
    """Equal but for the order in which floats were added."""
    return pytest.approx(dollars, rel=1e-12, abs=1e-15)


@pytest.fixture
def write(tmp_path):
    """Write outcomes and feedback; return the file."""
    path = tmp_path / "ledger.db"

    def write(*entries):
        with closing(connect(path)) as connection:
            for entry in entries:
                if isinstance(entry, Feedback):
                    write_feedback(entry, connection)
                else:
                    write_record(record_of(entry), connection)
        return path

    return write


def known_cost(attempts):
    return math.fsum(
        part for each in attempts for part in (each.cost or 0.0, *(verdict.cost for verdict in each.verdicts))
    )


def main_of(drawn):
    """The attempt that stands for the request, found another way than the ledger does."""
    if drawn.answer:
        return drawn.answer
    tried = [each for each in drawn.attempts if each.role is Role.ANSWER]
    return (tried or list(drawn.attempts) or [None])[-1]


def total_usage(attempts):
    usages = [each.usage for each in attempts]
    return Usage(
        input=sum(usage.input for usage in usages),
        output=sum(usage.output for usage in usages),
        cache_read=sum(usage.cache_read for usage in usages),
        cache_write=sum(usage.cache_write for usage in usages),
        reasoning=sum(usage.reasoning for usage in usages),
    )


def is_call(each):
    return not (each.reply and each.usage.total == 0)


def broken(each):
    return each.failure is not None and each.failure.kind is FailureKind.CANCELLED


@pytest.fixture(scope="module")
def drawn_ledger(tmp_path_factory):
    """One file for all that is drawn, emptied each time: making one waits for the disk."""
    path = tmp_path_factory.mktemp("drawn") / "ledger.db"
    with closing(connect(path)) as connection:
        yield path, connection


@settings(max_examples=40, deadline=None)
@given(st.lists(drawn_outcomes(), max_size=8))
def test_every_total_is_what_plain_python_makes_of_the_outcomes(drawn_ledger, drawn):
    path, connection = drawn_ledger
    connection.execute("BEGIN")
    connection.execute("DELETE FROM requests")
    for each in drawn:
        write_record(record_of(each), connection)
    connection.execute("COMMIT")
    made = report(path, frontier=OPUS)
    tries = [each for one in drawn for each in one.attempts]

    assert made.total.requests == len(drawn)
    assert made.total.answered == sum(one.answer is not None for one in drawn)
    assert made.total.calls == sum(map(is_call, tries))
    assert made.total.free == sum(one.answer is not None and not is_call(one.answer) for one in drawn)
    assert made.total.unpriced == sum(each.cost is None for each in tries)
    assert made.total.estimated == sum(each.usage.estimated for each in tries)
    assert made.total.usage == total_usage(tries)
    assert made.total.cost == exactly(known_cost(tries))
    assert made.total.waste.cancelled == exactly(known_cost(filter(broken, tries)))
    assert made.total.waste.failed == exactly(known_cost(each for each in tries if each.failure and not broken(each)))
    assert made.total.waste.rejected == exactly(
        known_cost(each for each in tries if not each.failure and not each.accepted and each.role is Role.ANSWER)
    )

    priced = [one for one in drawn if all(each.cost is not None for each in one.attempts)]
    mains = [main for one in priced if (main := main_of(one)) is not None and is_call(main)]
    assert OPUS.price is not None
    assert made.counterfactual is not None
    assert made.counterfactual.requests == len(mains)
    assert made.counterfactual.usage == total_usage(mains)
    assert made.counterfactual.cost == exactly(math.fsum(OPUS.price.of(each.usage) for each in mains))
    assert made.counterfactual.actual == exactly(known_cost(each for one in priced for each in one.attempts))
    assert made.counterfactual.unpriced == len(drawn) - len(priced)

    for table in (made.features, made.tiers, made.models, made.days):
        for figure in ("requests", "answered", "free", "calls", "unpriced", "estimated", "shown", "accepted"):
            assert sum(getattr(line, figure) for line in table) == getattr(made.total, figure), figure
        for figure in ("cost", "frontier"):
            assert math.fsum(getattr(line, figure) for line in table) == exactly(getattr(made.total, figure))
        assert math.fsum(line.waste.total for line in table) == exactly(made.total.waste.total)
        assert total_usage(table) == made.total.usage


def test_lines_say_whose_requests_calls_and_money_they_are(write):
    made = report(
        write(
            outcome(accepted(), feature="hover"),
            outcome(attempt(), accepted(tier="mid", model=OPUS), feature="code_action"),
            outcome(cancelled(), feature="code_action"),
        )
    )
    assert {line.name: (line.requests, line.answered, line.calls) for line in made.features} == {
        "hover": (1, 1, 1),
        "code_action": (2, 1, 3),
    }
    assert {line.name: (line.requests, line.answered, line.calls) for line in made.tiers} == {
        "fast": (2, 1, 3),
        "mid": (1, 1, 1),
    }
    assert {line.name for line in made.models} == {"anthropic/haiku", "anthropic/opus"}


def test_tables_begin_with_what_cost_most_and_days_with_the_first(write):
    monday = datetime.fromisoformat("2026-11-16T12:00").timestamp()
    made = report(
        write(
            outcome(accepted(model=OPUS, tier="frontier", started=monday + 86_400), feature="hover"),
            outcome(accepted(started=monday), feature="code_action"),
        )
    )
    assert [line.name for line in made.features] == ["hover", "code_action"]
    assert [line.name for line in made.tiers] == ["frontier", "fast"]
    assert [line.name for line in made.days] == ["2026-11-16", "2026-11-17"]


def test_a_day_is_the_users_own(write):
    noon = datetime.combine(date(2026, 3, 1), datetime.min.time()).timestamp()
    made = report(write(outcome(accepted(started=noon)), outcome(accepted(started=noon - 1))))
    assert [line.name for line in made.days] == ["2026-02-28", "2026-03-01"]


def test_a_span_holds_the_requests_that_began_in_it_with_all_their_attempts(write):
    path = write(
        outcome(accepted(started=99.9)),
        outcome(attempt(started=100.0), accepted(started=250.0)),
        outcome(accepted(started=199.9)),
        outcome(accepted(started=200.0)),
    )
    made = report(path, since=100.0, until=200.0)
    assert (made.total.requests, made.total.calls) == (2, 3)
    assert (report(path, since=200.0).total.requests, report(path, until=100.0).total.requests) == (1, 1)


def test_calls_of_unknown_price_are_counted_and_in_no_amount(write):
    made = report(
        write(
            outcome(accepted(model=UNPRICED)),
            outcome(failed(model=UNPRICED, usage=Usage(input=10)), accepted(usage=Usage(input=1_000_000))),
        ),
        frontier=OPUS,
    )
    assert made.total.unpriced == 2
    assert made.total.cost == 1.0
    assert made.counterfactual is not None
    assert (made.counterfactual.unpriced, made.counterfactual.cost, made.counterfactual.actual) == (2, 0.0, 0.0)


def test_cancelled_failed_and_rejected_attempts_are_waste_and_triage_is_not(write):
    million = Usage(input=1_000_000)
    judged = (Verdict(check="judge", passed=False, score=0.0, cost=0.5),)
    made = report(
        write(
            outcome(
                attempt(role=Role.TRIAGE, usage=million),
                attempt(usage=million, verdicts=judged),
                failed(usage=Usage(input=2_000_000)),
                accepted(usage=million),
            ),
            outcome(cancelled(usage=Usage(input=3_000_000, estimated=True))),
        )
    )
    assert made.total.waste == Waste(cancelled=3.0, failed=2.0, rejected=1.5)
    assert made.total.waste.total == 6.5
    assert made.total.cost == 8.5
    assert made.total.estimated == 1


def test_the_frontier_answers_each_request_with_one_call_and_pays_for_long_prompts(write):
    short, long = Usage(input=1_000, output=100), Usage(input=1_500, cache_read=501, output=100)
    made = report(
        write(outcome(attempt(usage=Usage(input=9)), accepted(usage=short)), outcome(accepted(usage=long))),
        frontier=OPUS,
    )
    compared = made.counterfactual
    assert compared is not None
    assert compared.requests == 2
    assert compared.cost == exactly((1_000 * 5 + 100 * 25 + 1_500 * 10 + 501 * 1 + 100 * 37.5) / 1e6)
    assert compared.saved == exactly(compared.cost - made.total.cost)
    assert made.total.frontier == exactly(compared.cost)


def test_attempts_that_end_alike_are_not_all_taken_for_the_one_that_stands_for_the_request(write):
    million = Usage(input=1_000_000)
    made = report(write(outcome(failed(usage=million), failed(usage=million), failed(usage=million))), frontier=OPUS)
    assert made.counterfactual is not None
    assert (made.counterfactual.requests, made.counterfactual.usage) == (1, million)
    assert made.total.waste.failed == 3.0


def test_routing_that_cost_more_than_the_frontier_alone_saved_less_than_nothing(write):
    tries = [attempt(model=OPUS, usage=Usage(input=1_000)) for _ in range(3)]
    made = report(write(outcome(*tries, accepted(model=OPUS, usage=Usage(input=1_000)))), frontier=OPUS)
    assert made.counterfactual is not None
    assert made.counterfactual.saved == pytest.approx(-3 * 0.005)


def test_answers_without_a_call_are_free_and_claim_no_saving(write):
    made = report(write(outcome(accepted(tier="local", model=LOCAL, usage=Usage()))), frontier=OPUS)
    assert (made.total.answered, made.total.free, made.total.calls, made.total.cost) == (1, 1, 0, 0.0)
    assert made.counterfactual is not None
    assert (made.counterfactual.free, made.counterfactual.saved) == (1, 0.0)


def test_a_model_without_a_price_is_compared_with_nothing(write):
    made = report(write(outcome(accepted())), frontier=UNPRICED)
    assert made.counterfactual is None
    assert made.total.frontier is None


def test_acceptance_is_the_share_of_shown_answers_that_were_taken(write):
    def said(task, *signals):
        return [Feedback(task_id=task, signal=signal, value=0.5, at=1e9) for signal in signals]

    made = report(
        write(
            *(outcome(accepted(), id=task) for task in ("taken", "part", "dismissed", "shown", "unseen")),
            *said("taken", Signal.SHOWN, Signal.ACCEPTED, Signal.RETAINED),
            *said("part", Signal.PARTIAL, Signal.PARTIAL),
            *said("dismissed", Signal.SHOWN, Signal.REJECTED),
            *said("shown", Signal.SHOWN),
            *said("never asked", Signal.ACCEPTED),
        )
    )
    assert (made.total.shown, made.total.accepted, made.total.acceptance) == (4, 2, 0.5)


def test_without_a_word_from_the_editor_acceptance_is_unknown(write):
    assert report(write(outcome(accepted()))).total.acceptance is None


def test_latency_is_what_users_of_answered_requests_waited_by_nearest_rank(write):
    made = report(
        write(
            *(outcome(accepted(seconds=float(number), first_token=number / 10)) for number in range(1, 101)),
            outcome(cancelled(seconds=1_000.0)),
        )
    )
    assert made.total.waited is not None
    assert made.total.first_token is not None
    assert (made.total.waited.p50, made.total.waited.p95) == pytest.approx((50.0, 95.0), abs=1e-5)
    assert (made.total.first_token.p50, made.total.first_token.p95) == pytest.approx((5.0, 9.5), abs=1e-5)


def test_a_ledger_that_is_not_there_reads_as_empty_and_is_not_made(tmp_path):
    path = tmp_path / "nowhere" / "ledger.db"
    made = report(path, frontier=OPUS)
    assert made.total.requests == made.total.calls == 0
    assert made.total.waited is None
    assert made.features == made.days == ()
    assert brief(path, since=0.0)[0].cost == 0.0
    assert latest_model(path, "frontier") is None
    assert not path.parent.exists()


def test_reading_does_not_disturb_a_writer(write):
    path = write(outcome(accepted()))
    with closing(connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        write_record(record_of(outcome(accepted())), connection)
        assert report(path).total.requests == 1
        connection.execute("COMMIT")
    assert report(path).total.requests == 2


def test_what_was_spent_since_a_moment_is_every_editors_with_checks_and_failures(write):
    judged = (Verdict(check="judge", passed=True, score=1.0, cost=0.25),)
    million = Usage(input=1_000_000)
    path = write(
        outcome(accepted(started=99.0, usage=million)),
        outcome(failed(started=100.0, usage=million), accepted(started=101.0, usage=million, verdicts=judged)),
        outcome(accepted(started=102.0, model=UNPRICED)),
    )
    assert brief(path, since=100.0)[0].cost == 2.25


def test_the_latest_model_of_a_tier_comes_with_the_price_of_an_ordinary_prompt(write):
    long = Usage(input=5_000)
    path = write(
        outcome(accepted(tier="frontier", model=OPUS)),
        outcome(accepted(tier="frontier", model=OPUS, usage=long)),
        outcome(accepted(tier="frontier", model=UNPRICED)),
        outcome(accepted(tier="fast", model=HAIKU)),
    )
    found = latest_model(path, "frontier")
    assert found is not None
    assert found.ref == "anthropic/opus"
    assert found.price is not None
    assert (found.price.input, found.price.as_of) == (5.0, "2026-11-02")
    latest = latest_model(path)
    assert latest is not None
    assert latest.ref == "anthropic/haiku"


def test_the_caches_hit_rate_is_the_share_of_prompt_tokens_that_were_read_from_them(write):
    assert report(write(outcome(accepted(tier="local", model=LOCAL, usage=Usage())))).total.cached is None
    made = report(
        write(
            outcome(accepted(usage=Usage(input=500, cache_write=1_500, output=900))),
            outcome(accepted(usage=Usage(input=500, cache_read=1_500, output=900))),
        )
    )
    assert made.total.cached == 0.375
