import json
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from ledger.outcomes import HAIKU, LOCAL, UNPRICED, accepted, attempt, cancelled, failed, outcome
from tierwise.cli import main
from tierwise.core.model import Model, Price
from tierwise.core.money import decimals, dollars
from tierwise.core.outcome import Feedback, Signal
from tierwise.core.reply import Usage
from tierwise.core.text import Position, Span
from tierwise.findings.finding import CONCERNS, Concern, Finding
from tierwise.findings.review import FILE
from tierwise.findings.store import Store
from tierwise.ledger.figures import seconds, share
from tierwise.ledger.file import connect
from tierwise.ledger.rows import record_of, write_feedback, write_record
from tierwise.settings.paths import config_file, data_dir, ledger_file

LINE = {
    "cached",
    "name",
    "requests",
    "answered",
    "free",
    "calls",
    "unpriced",
    "estimated",
    "tokens",
    "cost",
    "wasted",
    "shown",
    "accepted",
    "acceptance",
    "first_token",
    "waited",
    "frontier",
}
DEAR = Model(
    name="dear",
    provider="acme",
    price=Price(input=5.0, output=25.0, cache_read=0.5, cache_write=6.25, as_of="2026-10-31"),
)

BESIDE = {"spared", "single", "unwanted"}
"""Estimates beside what was paid."""


@pytest.fixture
def book():
    """Write outcomes into the ledger that the command finds by itself."""

    def book(*entries):
        path = ledger_file()
        with closing(connect(path)) as connection:
            for entry in entries:
                if isinstance(entry, Feedback):
                    write_feedback(entry, connection)
                else:
                    write_record(record_of(entry), connection)
        return path

    return book


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments, code=0):
        assert main(["report", *arguments]) == code
        return capsys.readouterr()

    return run


def test_json_says_everything_and_adds_up(book, run):
    path = book(
        outcome(attempt(), accepted(tier="frontier", model=DEAR), feature="code_action", id="a"),
        outcome(cancelled(), feature="hover"),
        outcome(accepted(model=UNPRICED)),
        Feedback(task_id="a", signal=Signal.ACCEPTED, value=1.0, at=1.0),
    )
    told = json.loads(run("--json").out)
    assert set(told) == {"schema", "ledger", "since", "until", "total", "by", "counterfactual", "findings"} | BESIDE
    assert (told["schema"], told["ledger"], told["since"], told["until"]) == (1, str(path), None, None)
    assert set(told["by"]) == {"feature", "kind", "tier", "model", "day"}
    assert set(told["total"]) == LINE
    for lines in told["by"].values():
        assert all(set(line) == LINE for line in lines)
        assert sum(line["requests"] for line in lines) == told["total"]["requests"] == 3
        assert sum(line["calls"] for line in lines) == told["total"]["calls"] == 4
        assert sum(line["cost"] for line in lines) == pytest.approx(told["total"]["cost"], rel=1e-12)
    assert told["total"]["cost"] == pytest.approx((100 + 20 * 5 + 100 * 5 + 20 * 25 + 90 + 5 * 5) / 1e6, rel=1e-12)
    assert set(told["total"]["wasted"]) == {"cancelled", "failed", "rejected", "total"}
    assert set(told["total"]["tokens"]) == {"input", "output", "cache_read", "cache_write", "reasoning"}
    assert set(told["total"]["waited"]) == {"p50", "p90", "p95"}
    assert (told["total"]["unpriced"], told["total"]["acceptance"]) == (1, 1.0)
    compared = told["counterfactual"]
    assert set(compared) == {
        "estimate",
        "model",
        "price",
        "requests",
        "tokens",
        "cost",
        "actual",
        "saved",
        "free",
        "unpriced",
    }
    assert (compared["estimate"], compared["model"], compared["price"]["as_of"]) == (True, "acme/dear", "2026-10-31")
    assert compared["saved"] == pytest.approx(compared["cost"] - compared["actual"])


def test_the_text_says_what_was_spent_wasted_and_estimated(book, run):
    book(
        outcome(attempt(), accepted(tier="frontier", model=DEAR), feature="code_action", id="a"),
        outcome(failed(usage=Usage(input=50)), cancelled(), feature="hover"),
        outcome(accepted(model=UNPRICED)),
        outcome(accepted(tier="local", model=LOCAL, usage=Usage())),
        Feedback(task_id="a", signal=Signal.SHOWN, value=1.0, at=1.0),
    )
    text = run().out
    assert "4, 3 answered, 1 of them without a call" in text
    assert "and 1 call of unknown price" in text
    assert "(estimate*)" in text
    assert "the prices of acme/dear ($5 in, $25 out" in text
    assert "as of 2026-10-31" in text
    assert "cancelled" in text
    assert "rejected by checks" in text
    assert "0 % of 1 shown answer" in text
    assert "1 call ended before the provider told the token count" in text
    for heading in ("By feature", "By tier", "By model"):
        assert heading in text
    assert "By day" not in text


@pytest.mark.parametrize("width", [80, 100, 110, 120, 139, 140, 200])
def test_every_line_fits_its_terminal_and_no_figure_is_cut(book, run, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    million = Usage(input=1_234_567, output=98_765)
    book(
        outcome(accepted(model=Model(name="claude-something-5-5", provider="anthropic", price=HAIKU.price))),
        *(outcome(accepted(tier="frontier", model=DEAR, usage=million), feature="code_action") for _ in range(3)),
    )
    told = run("--by", "model", "--by", "feature", "--by", "day").out
    assert max(map(len, told.splitlines())) <= width
    assert "…" not in told
    assert "$25.926" in told.replace(",", "") or "$25.93" in told


def test_amounts_stand_under_each_other_by_their_decimal_point(book, run):
    book(
        outcome(accepted(usage=Usage(input=3)), feature="hover"),
        outcome(accepted(usage=Usage(input=12_000_000)), feature="code_action"),
    )
    rows = [line for line in run("--by", "feature").out.splitlines() if line.startswith((" hover", " code_action"))]
    places = [row.index("$") + row[row.index("$") :].index(".") for row in rows]
    assert len(rows) == 2
    assert places[0] == places[1]
    assert "$0.0000030" in rows[1]


def test_the_best_single_model_stands_with_its_prices(book, run):
    book(*(outcome(accepted(tier="frontier", model=DEAR)) for _ in range(20)))
    text = " ".join(run().out.split())
    assert "(estimate*) with acme/dear alone" in text
    assert "* acme/dear alone: the same tokens and prompt-cache hits, at its prices for ordinary prompts ($5 in" in text


def test_by_picks_the_tables(book, run):
    book(outcome(accepted()))
    text = run("--by", "day").out
    assert "By day" in text
    assert "By feature" not in text


def test_an_empty_ledger_says_what_to_do(run):
    told = run().out
    assert "Nothing is recorded yet" in told
    assert "tierwise demo" in told
    assert json.loads(run("--json").out)["total"]["requests"] == 0


def test_without_a_frontier_model_the_report_says_how_to_name_one(book, run):
    book(outcome(accepted(model=UNPRICED)))
    assert "--frontier PROVIDER/MODEL" in run().out
    assert json.loads(run("--json").out)["counterfactual"] is None


def test_the_frontier_is_the_one_named(book, run):
    book(outcome(accepted()))
    compared = json.loads(run("--json", "--frontier", "anthropic/claude-opus-5-5").out)["counterfactual"]
    assert compared["model"] == "anthropic/claude-opus-5-5"
    assert compared["cost"] > 0


def test_the_frontier_is_else_the_vendors_that_was_asked_last(book, run):
    book(outcome(accepted(model=HAIKU)))
    assert json.loads(run("--json").out)["counterfactual"]["model"].startswith("anthropic/")


def test_a_frontier_price_in_the_settings_is_used(book, run):
    book(outcome(accepted(usage=Usage(input=1_000_000))))
    config_file().parent.mkdir(parents=True)
    config_file().write_text(
        '[providers.acme]\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[tiers.frontier]\nmodels = ["acme/best"]\n'
        '[models."acme/best".price]\ninput = 7.5\noutput = 30\nas_of = "2026-11-20"\n',
        "utf-8",
    )
    compared = json.loads(run("--json").out)["counterfactual"]
    assert (compared["model"], compared["cost"], compared["price"]["as_of"]) == ("acme/best", 7.5, "2026-11-20")


def test_a_frontier_of_unknown_price_is_refused_with_the_fix(book, run):
    book(outcome(accepted()))
    assert '[models."acme/unheard".price]' in run("--frontier", "acme/unheard", code=2).err


def midnight(days=0):
    day = datetime.now().astimezone().date() - timedelta(days=days)
    return datetime.combine(day, datetime.min.time()).timestamp()


@pytest.mark.parametrize(
    ("arguments", "requests"),
    [
        ((), 4),
        (("--since", "7d"), 3),
        (("--since", "1w"), 3),
        (("--days", "1"), 1),
        (("--days", "2"), 2),
        (("--since", "today"), 1),
        (("--day", "yesterday"), 1),
        (("--since", "today", "--by", "tier"), 1),
    ],
)
def test_spans(book, run, arguments, requests):
    book(*(outcome(accepted(started=midnight(days) + 1)) for days in (0, 1, 3, 30)))
    assert json.loads(run("--json", *arguments).out)["total"]["requests"] == requests


@pytest.mark.parametrize("arguments", [("--since", "soon"), ("--day", "2026-13-01"), ("--days", "0")])
def test_a_span_that_is_none_is_wrong_usage(run, arguments):
    assert "tierwise report:" in run(*arguments, code=2).err


def test_a_file_that_is_no_ledger_is_named(tmp_path, run):
    other = tmp_path / "other.db"
    other.write_bytes(b"no database at all" * 100)
    assert str(other) in run("--ledger", str(other), code=1).err


def test_the_console_script_does_the_same(book):
    path = book(outcome(accepted()))
    told = subprocess.run(
        [sys.executable, "-m", "tierwise", "report", "--json", "--ledger", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["total"]["requests"] == 1


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0.0, "$0.00"),
        (None, "unknown"),
        (1234.5, "$1,234.50"),
        (0.0796, "$0.0796"),
        (0.00000123, "$0.00000123"),
        (-0.5, "-$0.500"),
    ],
)
def test_money_has_the_digits_that_matter(amount, text):
    assert dollars(amount) == text


def test_a_column_of_money_has_the_digits_of_its_smallest_amount():
    assert decimals([12.5, 0.0003, 0.0, None]) == 5
    assert decimals([]) == 2


def test_durations_and_shares():
    assert (seconds(0.0317), seconds(2.25), seconds(None)) == ("32 ms", "2.2 s", "–")
    assert (share(1, 3), share(0, 0)) == ("33 %", "–")


def test_the_well_known_example_stands_beside_the_same_mix_at_list_prices(capsys: pytest.CaptureFixture[str]) -> None:
    """600, 300 and 100 requests at the article's prices: $50.00, $8.60 and 83 %."""
    from tierwise.cli import main

    assert main(["report", "--example"]) == 0
    said = capsys.readouterr().out
    assert "$50.00" in said
    assert "$8.60" in said
    assert "83 %" in said
    for vendor in ("anthropic", "openai", "gemini"):
        assert vendor in said


def test_findings_are_counted_by_kind_with_the_share_nobody_dismissed(book, capsys) -> None:
    book(outcome(attempt()))
    span = Span(Position(0, 0), Position(0, 1))
    found = [
        Finding(concern=Concern.BUG, severity="error", title="t", detail="", span=span, quote=f"code {number}")
        for number in range(4)
    ]
    store = Store(data_dir() / FILE)
    store.keep({"unit": found}, CONCERNS)
    store.dismiss(found[0].ident, Concern.BUG)
    store.comment(found[0].ident, Concern.BUG)
    store.close()
    assert main(["report", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["findings"]
    assert told == {"bug": {"found": 4, "dismissed": 1, "precision": 0.75}}
    assert main(["report"]) == 0
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.strip().startswith("bug"))
    assert row.split() == ["bug", "4", "1", "75", "%"]
