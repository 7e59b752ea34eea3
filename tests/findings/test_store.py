"""Findings are kept by the content they were found in."""

import sqlite3
from pathlib import Path

import pytest

from tierwise.core.text import Position, Span
from tierwise.findings.finding import Concern, Finding, Related
from tierwise.findings.store import Store

BOTH = (Concern.BUG, Concern.SECURITY)


def finding(concern: Concern = Concern.BUG, quote: str = "a / b") -> Finding:
    return Finding(
        concern=concern,
        severity="warning",
        title="Division by zero",
        detail="b may be 0",
        span=Span(Position(1, 4), Position(1, 9)),
        quote=quote,
        cwe=369,
        tag="deprecated",
        related=(Related(uri="file:///w/b.py", line=3, quote="f(0)", message="called so"),),
    )


def test_another_editor_reads_what_one_found(tmp_path: Path) -> None:
    Store(tmp_path / "f.sqlite3").keep({"k": [finding()], "clean": []}, BOTH)
    assert Store(tmp_path / "f.sqlite3").known(["k", "clean", "new"], BOTH) == {"k": (finding(),), "clean": ()}


def test_a_unit_counts_as_looked_at_only_for_the_concerns_it_was_looked_at_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite3")
    store.keep({"k": [finding(), finding(Concern.SECURITY)]}, BOTH)
    assert store.known(["k"], [Concern.BUG]) == {"k": (finding(),)}
    assert store.known(["k"], [Concern.BUG, Concern.DOCUMENTATION]) == {}


def test_what_is_dismissed_stays_so_wherever_its_code_stands(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite3")
    store.dismiss(finding().ident, Concern.BUG)
    assert finding(quote="  a /  b\n").ident in Store(tmp_path / "f.sqlite3").dismissed()
    assert finding(Concern.SECURITY).ident not in store.dismissed()


def test_the_tally_tells_the_share_that_nobody_dismissed(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite3")
    quotes = ("a", "b", "c", "d")
    store.keep({quote: [finding(quote=quote)] for quote in quotes}, BOTH)
    store.dismiss(finding(quote="a").ident, Concern.BUG)
    tally = store.tallies()[Concern.BUG]
    assert (tally.found, tally.dismissed, tally.precision) == (4, 1, 0.75)


def test_a_thousand_keys_are_asked_for_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite3")
    store.keep({str(number): [] for number in range(1200)}, BOTH)
    assert len(store.known(map(str, range(2000)), BOTH)) == 1200


def test_a_file_that_is_no_store_leaves_it_in_memory_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "f.sqlite3").write_text("this is no database" * 100)
    store = Store(tmp_path / "f.sqlite3")
    store.keep({"k": [finding()]}, BOTH)
    assert store.known(["k"], BOTH) == {"k": (finding(),)}
    assert "in memory only" in caplog.text


def test_rows_of_another_version_count_as_nothing_found(tmp_path: Path) -> None:
    path = tmp_path / "f.sqlite3"
    store = Store(path)
    store.keep({"k": [finding()]}, BOTH)
    with sqlite3.connect(path) as other:
        other.execute("""UPDATE units SET findings = '[{"concern": "mood"}]'""")
    other.close()
    assert store.known(["k"], BOTH) == {"k": ()}
    store.close()
