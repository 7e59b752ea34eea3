"""What the page about the last days shows, against outcomes of known ends."""

from contextlib import closing
from datetime import datetime, timedelta

import pytest

from ledger.outcomes import HAIKU, OPUS, accepted, attempt, failed, outcome
from tierwise.core.outcome import Verdict
from tierwise.ledger.climbs import Climbs, Veto
from tierwise.ledger.file import connect
from tierwise.ledger.overview import overview
from tierwise.ledger.rows import record_of, write_record

NOW = datetime(2026, 11, 28, 12).astimezone()


def ago(**span: float) -> float:
    return (NOW - timedelta(**span)).timestamp()


@pytest.fixture
def look(tmp_path):
    """Write outcomes; return the overview of the last days."""

    def look(*outcomes, days=3):
        path = tmp_path / "ledger.db"
        with closing(connect(path)) as connection:
            for each in outcomes:
                write_record(record_of(each), connection)
        return overview(path, days=days, now=NOW.timestamp(), frontier=OPUS)

    return look


def test_days_without_a_request_are_shown_too_and_earlier_ones_are_not(look):
    made = look(outcome(accepted(started=ago(days=9))), outcome(accepted(started=ago(hours=1))))
    assert [(line.name, line.requests) for line in made.periods] == [
        ("2026-11-26", 0),
        ("2026-11-27", 0),
        ("2026-11-28", 1),
    ]
    assert made.report.total.requests == 1
    assert len(made.entries) == 2, "the last decisions are the last ones, whenever they were"


def test_a_long_span_is_shown_by_weeks_from_the_first_one_in_use(look):
    made = look(outcome(accepted(started=ago(days=16))), outcome(accepted(started=ago(days=1))), days=365)
    assert made.weekly
    assert [(line.name, line.requests) for line in made.periods] == [
        ("2026-11-09", 1),
        ("2026-11-16", 0),
        ("2026-11-23", 1),
    ]


def test_climbs_tell_where_answers_passed_and_which_checks_turned_others_down(look):
    poor = (
        Verdict(check="parses", passed=True, score=1.0),
        Verdict(check="judge", passed=True, score=0.4, hard=False),
    )
    broken = (
        Verdict(check="types", passed=False, score=0.0),
        Verdict(check="judge", passed=True, score=0.9, hard=False),
        Verdict(check="tests", passed=False, score=0.0, skipped=True),
    )
    made = look(
        outcome(accepted(started=ago(hours=1)), kind="fix"),
        outcome(attempt(started=ago(hours=1), verdicts=broken), accepted(tier="frontier", model=OPUS), kind="fix"),
        outcome(attempt(started=ago(hours=1), verdicts=poor), kind="fix"),
        outcome(failed(started=ago(hours=1)), accepted(tier="frontier", model=OPUS), kind="docstring"),
    )
    assert made.climbs == (
        Climbs(kind="fix", requests=3, first=1, climbed=1, unanswered=1, rejected=2),
        Climbs(kind="docstring", requests=1, first=0, climbed=1, unanswered=0, rejected=0),
    )
    assert set(made.vetoes) == {Veto(check="types", answers=1), Veto(check="judge", answers=1)}


def test_rows_and_periods_add_up_to_the_total(look):
    made = look(
        outcome(accepted(started=ago(days=1)), feature="hover"),
        outcome(attempt(started=ago(hours=2)), accepted(tier="frontier", model=OPUS, started=ago(hours=2))),
        outcome(accepted(started=ago(hours=1), tier="mid", model=HAIKU)),
    )
    total = made.report.total
    for lines in ([line for _, line in made.rows], made.periods):
        assert sum(line.requests for line in lines) == total.requests
        assert sum(line.cost for line in lines) == pytest.approx(total.cost)
    assert made.report.counterfactual is not None
    saved = [line.saved for line in made.periods if line.saved is not None]
    assert sum(saved) == pytest.approx(made.report.counterfactual.saved)
    assert total.saved == pytest.approx(made.report.counterfactual.saved)


def test_an_empty_ledger_has_days_and_nothing_in_them(look):
    made = look()
    assert [line.requests for line in made.periods] == [0, 0, 0]
    assert made.climbs == made.vetoes == made.rows == made.entries == ()
