"""`tierwise dashboard`: the files it writes, and what it says where it cannot."""

import csv
import sqlite3
import webbrowser
from contextlib import closing

import pytest

from dashboard.reading import Page
from ledger.outcomes import accepted, outcome
from tierwise.cli import main
from tierwise.ledger.file import connect
from tierwise.ledger.rows import record_of, write_record
from tierwise.settings.paths import config_file, ledger_file


@pytest.fixture
def ledger():
    path = ledger_file()
    with closing(connect(path)) as connection:
        write_record(record_of(outcome(accepted(), feature="hover")), connection)
    return path


def test_the_page_is_written_beside_the_ledger_and_its_place_is_printed(ledger, capsys):
    assert main(["dashboard"]) == 0
    target = ledger.with_name("dashboard.html")
    assert capsys.readouterr().out == f"{target}\n"
    assert Page(target.read_text("utf-8")).table("Requests by feature and tier").row("hover")[1] == "1"


def test_page_rows_and_picture_go_where_the_user_wants_and_limits_come_from_the_settings(ledger, tmp_path):
    config_file().parent.mkdir(parents=True)
    config_file().write_text("[budget]\nday = 3.0\n", "utf-8")
    page, rows, drawn = tmp_path / "new" / "page.html", tmp_path / "rows.csv", tmp_path / "charts.svg"
    written = ("--output", str(page), "--csv", str(rows), "--picture", str(drawn))
    assert main(["dashboard", "--days", "1", *written]) == 0
    assert "Requests by feature" in drawn.read_text("utf-8")
    told = Page(page.read_text("utf-8"))
    assert told.table("What is left of each limit").row("Today")[1] == "$3.00"
    assert len(told.table("What each day has cost and saved").rows) == 3, "heading, today and total"
    with rows.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["feature"], row["model"], row["requests"]) == ("hover", "anthropic/haiku", "1")


def test_it_is_shown_in_the_browser_where_there_is_one(ledger, monkeypatch, capsys):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or False)
    assert main(["dashboard", "--open"]) == 0
    assert opened == [ledger.with_name("dashboard.html").as_uri()]
    assert "No browser was found" in capsys.readouterr().err


def test_what_cannot_be_read_or_written_is_said(ledger, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["dashboard", "--output", str(tmp_path / "file" / "page.html")]) == 1
    assert "tierwise dashboard:" in capsys.readouterr().err
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    assert main(["dashboard", "--ledger", str(other)]) == 1
    assert "another program's database" in capsys.readouterr().err
    assert not (tmp_path / "dashboard.html").exists()


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_days_are_a_number(days, capsys):
    with pytest.raises(SystemExit):
        main(["dashboard", "--days", days])
    assert "number of days" in capsys.readouterr().err
