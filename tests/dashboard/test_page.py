"""The page as a browser reads it: every number in a table, nothing that runs, nothing that is fetched."""

import csv
import io
import re
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from dashboard.reading import Page
from ledger.outcomes import HAIKU, LOCAL, OPUS, UNPRICED, accepted, attempt, cancelled, failed, outcome
from tierwise.core.model import Model
from tierwise.core.outcome import Feedback, Signal, Verdict
from tierwise.core.reply import Usage
from tierwise.dashboard import page, picture, sheet
from tierwise.engine.budget import Limits
from tierwise.ledger.file import connect
from tierwise.ledger.overview import Overview, overview
from tierwise.ledger.rows import record_of, write_feedback, write_record
from tierwise.ledger.spent import DAY, MONTH

NOW = datetime(2026, 11, 28, 12).astimezone()
MILLION = Usage(input=1_000_000)
LEDGER = Path("ledger.sqlite3")


def ago(**span: float) -> float:
    return (NOW - timedelta(**span)).timestamp()


@pytest.fixture
def seen(tmp_path):
    """Write outcomes and feedback; return the overview of the last days."""

    def seen(*entries, days=3, frontier=OPUS) -> Overview:
        path = tmp_path / "ledger.db"
        with closing(connect(path)) as connection:
            for entry in entries:
                if isinstance(entry, Feedback):
                    write_feedback(entry, connection)
                else:
                    write_record(record_of(entry), connection)
        return overview(path, days=days, now=NOW.timestamp(), frontier=frontier)

    return seen


@pytest.fixture
def busy(seen) -> Overview:
    """A little of everything."""
    types = (Verdict(check="types", passed=False, score=0.0),)
    return seen(
        outcome(accepted(started=ago(hours=1), usage=MILLION, seconds=2.0), feature="hover", kind="explain"),
        outcome(
            attempt(started=ago(hours=2), usage=MILLION, verdicts=types),
            accepted(tier="frontier", model=OPUS, started=ago(hours=2), usage=Usage(input=100_000)),
            feature="code_action",
            kind="fix",
            id="fixed",
        ),
        outcome(accepted(started=ago(days=1), tier="local", model=LOCAL, usage=Usage())),
        outcome(cancelled(started=ago(days=1), usage=MILLION)),
        outcome(failed(started=ago(days=1)), accepted(model=UNPRICED, started=ago(days=1))),
        Feedback(task_id="fixed", signal=Signal.SHOWN, value=1.0, at=1.0),
        Feedback(task_id="fixed", signal=Signal.ACCEPTED, value=1.0, at=1.0),
    )


def read(overview: Overview, limits: Limits | None = None) -> Page:
    return Page(page(overview, limits or Limits(), LEDGER))


def test_nothing_runs_and_nothing_is_fetched(busy):
    read_page = read(busy)
    assert read_page.tags().isdisjoint({"script", "iframe", "object", "embed", "link", "img", "form", "foreignobject"})
    assert read_page.remote() == []
    policy = {"http-equiv": "Content-Security-Policy"}.items()
    assert any(policy <= given.items() for tag, given in read_page.elements if tag == "meta")


def test_money_stands_in_tables_with_their_totals(busy):
    days = read(busy).table("What each day has cost and saved")
    assert days.rows[0] == ["Day", "Requests", "Paid", "Saved (estimate)"]
    assert days.row("2026-11-26") == ["0", "–", "–"]
    assert days.row("2026-11-28")[:2] == ["2", "$3.00"]
    assert days.row("2026-11-27")[1] == "$1.00 + unknown"
    assert days.row("Total")[:2] == ["5", "$4.00 + unknown"]


def test_waste_and_waits_and_acceptance_are_told_by_feature(busy):
    told = read(busy)
    assert told.table("What brought no answer").row("code_action")[2:4] == ["$1.00", "$1.00"]
    assert told.table("How long answers took").row("hover")[-2:] == ["2.0 s", "2.0 s"]
    shares = told.table("Requests by feature and tier")
    assert shares.rows[0] == ["Feature", "local", "fast", "mid", "frontier", "Shown", "Accepted"]
    assert shares.row("code_action") == ["0", "0", "0", "1", "1", "100 %"]
    assert shares.row("inline_completion") == ["1", "2", "0", "0", "0", "–"]


def test_climbs_and_vetoes_are_told(busy):
    told = read(busy)
    assert told.table("What came of each kind's ladder").row("fix") == ["1", "0 (0 %)", "1", "0", "1"]
    assert told.table("Which checks turned answers down").row("types") == ["1"]


def test_the_last_decisions_come_with_reasons_and_what_became_of_each_attempt(busy):
    decisions = read(busy).table("The last decisions, the newest first")
    who = [row[2] for row in decisions.rows[1:]]
    assert who[0] == "anthropic/haiku answered"
    assert who[1] == "anthropic/haiku was rejected by types, then anthropic/opus answered"
    assert all(row[-1] == "Completions are at home in the fast tier." for row in decisions.rows[1:])


def test_every_chart_has_a_name_and_a_table_beside_it(busy):
    elements = read(busy).elements
    charts = [at for at, (tag, _) in enumerate(elements) if tag == "svg"]
    assert len(charts) == 6
    for at in charts:
        _, given = elements[at]
        assert given["role"] == "img"
        assert given["aria-label"]
        following = [tag for tag, _ in elements[at + 1 :]]
        assert following.index("table") < (following.index("svg") if "svg" in following else len(following))
    levels = [tag for tag, _ in elements if tag in {"h1", "h2", "h3"}]
    assert levels.count("h1") == 1
    assert levels[0] == "h1"
    assert all("scope" in given for tag, given in elements if tag == "th")


def test_what_is_left_of_limits_is_told(busy):
    limits = Limits(by_scope={("feature", "hover"): 4.0, MONTH: 10.0, DAY: 2.0})
    left = read(busy, limits).table("What is left of each limit")
    assert [row[0] for row in left.rows[1:]] == ["Today", "This month", "hover today"]
    assert left.row("hover today")[:3] == ["$1.00", "$4.00", "$3.00"]
    assert left.row("Today")[2] == "$0.00"
    assert "No limit is set" in read(busy).words


def test_drawing_leaves_python_s_import_machinery_as_it_was(busy):
    read(busy)
    assert all(hasattr(finder, "find_spec") for finder in sys.meta_path)


def test_words_from_outside_stay_words(seen):
    model = Model(name="<script>alert(1)</script>", provider='"onload="x', price=HAIKU.price)
    made = seen(outcome(accepted(model=model, started=ago(hours=1)), reason="<b>bold</b> & so on"))
    told = read(made)
    assert told.tags().isdisjoint({"script", "b"})
    assert "<b>bold</b> & so on" in told.words
    assert told.remote() == []


def test_without_a_model_to_compare_with_nothing_is_said_to_be_saved(seen):
    told = read(seen(outcome(accepted(started=ago(hours=1))), frontier=None))
    assert told.table("What each day has cost and saved").row("2026-11-28")[-1] == "–"
    assert "No frontier model with a known price" in told.words


def test_an_empty_ledger_says_what_to_do(seen):
    told = read(seen())
    assert "Nothing is recorded yet" in told.words
    assert "tierwise demo" in told.words
    assert "svg" not in told.tags()


def test_an_empty_span_says_how_to_see_what_was_before(seen):
    made = seen(outcome(accepted(started=ago(days=20))))
    told = read(made)
    (days,) = re.findall(r"--days (\d+)", told.words)
    assert seen(days=int(days)).report.total.requests == 1
    assert seen(days=int(days) - 1).report.total.requests == 0


def test_the_rows_for_a_spreadsheet_add_up(busy):
    file = io.StringIO()
    sheet(busy, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    total = busy.report.total
    assert sum(int(row["requests"]) for row in rows) == total.requests
    assert sum(float(row["cost"]) for row in rows) == pytest.approx(total.cost)
    assert sum(float(row["rejected"]) for row in rows) == pytest.approx(total.waste.rejected)
    assert {(row["feature"], row["tier"]) for row in rows} >= {("code_action", "fast"), ("code_action", "frontier")}


def test_the_picture_shows_every_chart_in_colours_of_its_own(busy):
    drawing = fromstring(picture(busy))
    shapes = [shape for shape in drawing.iter() if shape.tag.endswith(("}rect", "}text")) and shape.keys()]
    assert [shape.attrib for shape in shapes if "fill" not in shape.attrib] == []
    assert {each.tag.rpartition("}")[2] for each in drawing.iter()} <= {"svg", "g", "rect", "text", "path", "title"}
    written = {text.text for text in drawing.iter() if text.tag.endswith("}text")}
    charts = re.findall(r"<figcaption>([^<]+)<", page(busy, Limits(), LEDGER))
    assert len(charts) == 6
    assert {*charts, "Tierwise: The last 3 days", "rejected by checks", "hover"} <= written


def test_the_picture_of_an_empty_ledger_says_so(seen):
    assert "Nothing was asked in this time." in picture(seen())
