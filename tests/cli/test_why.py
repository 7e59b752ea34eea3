import json
from contextlib import closing
from dataclasses import replace

import pytest

from ledger.outcomes import UNPRICED, accepted, attempt, cancelled, failed, outcome
from tierwise.cli import main
from tierwise.core.outcome import Feedback, Signal, Verdict
from tierwise.ledger.file import connect
from tierwise.ledger.rows import record_of, write_feedback, write_record
from tierwise.settings.paths import ledger_file

REASON = "A fix is at home in the mid tier [tried]: a fast model goes first."


@pytest.fixture
def book():
    path = ledger_file()
    with closing(connect(path)) as connection:
        for told in (
            outcome(accepted(started=1.0), id="old"),
            outcome(
                attempt(started=2.0),
                failed(started=2.5, tier="mid", model=UNPRICED),
                accepted(started=3.0, tier="mid"),
                feature="code_action",
                kind="fix",
                reason=REASON,
                id="fix",
            ),
            outcome(cancelled(started=4.0), feature="hover", kind="explain", id="gone"),
        ):
            write_record(record_of(told), connection)
        write_feedback(Feedback(task_id="fix", signal=Signal.PARTIAL, value=0.4, at=5.0), connection)
    return path


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments, code=0):
        assert main(["why", *arguments]) == code
        return capsys.readouterr().out

    return run


def test_json_tells_each_decision_with_its_attempts(book, run):
    told = json.loads(run("--json"))
    assert (told["schema"], told["ledger"]) == (1, str(book))
    assert [decision["task"] for decision in told["decisions"]] == ["gone", "fix", "old"]
    fix = told["decisions"][1]
    assert set(fix) == {
        "task",
        "at",
        "feature",
        "kind",
        "language",
        "workspace",
        "policy",
        "reason",
        "confidence",
        "ladder",
        "signals",
        "answered",
        "waited",
        "cost",
        "attempts",
        "feedback",
    }
    assert (fix["reason"], fix["policy"], fix["signals"]["language"]) == (REASON, "rules", "python")
    assert fix["ladder"][0] == {"tier": "fast", "role": "answer", "accept_at": 0.5, "models": []}
    assert [each["result"] for each in fix["attempts"]] == ["rejected", "failed", "accepted"]
    assert [(note["signal"], note["value"]) for note in fix["feedback"]] == [("partial", 0.4)]
    assert all(
        set(each)
        == {
            "role",
            "tier",
            "model",
            "resolved",
            "result",
            "called",
            "started",
            "first_token",
            "seconds",
            "tokens",
            "price",
            "cost",
            "checks_cost",
            "finish",
            "failure",
            "quality",
            "verdicts",
        }
        for each in fix["attempts"]
    )
    assert fix["attempts"][1]["failure"]["status"] == 529
    assert fix["attempts"][0]["failure"] is None
    assert fix["attempts"][0]["verdicts"][0]["check"] == "parses"


def test_last_and_feature_pick_decisions(book, run):
    assert [each["task"] for each in json.loads(run("--json", "--last", "1"))["decisions"]] == ["gone"]
    assert [each["task"] for each in json.loads(run("--json", "--feature", "code_action"))["decisions"]] == ["fix"]


def test_the_text_gives_reason_ladder_signals_attempts_failures_and_feedback(book, run):
    text = run("--feature", "code_action")
    assert "code_action · fix · python" in text
    assert f"{REASON} (policy rules)" in text
    assert "fast at 0.5 > frontier [anthropic/opus]" in text
    assert "files=1" in text
    assert "rejected (parses)" in text
    assert "failed (overloaded 529)" in text
    assert "2: anthropic is overloaded: another model is asked." in text
    assert "partial 40%" in text


def test_a_request_without_an_answer_says_so(book, run):
    text = run("--last", "1")
    assert "no answer" in text
    assert "95~" in text, "tokens that are our estimate are marked"


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(book, run, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(map(len, run().splitlines())) <= width


def test_a_feature_without_decisions_says_so(book, run):
    assert "No decision for nonesuch is recorded" in run("--feature", "nonesuch")


def test_an_empty_ledger_says_what_to_do(run):
    assert "tierwise demo" in run()
    assert json.loads(run("--json"))["decisions"] == []


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_count_that_is_none_is_wrong_usage(capsys, count):
    with pytest.raises(SystemExit) as ended:
        main(["why", f"--last={count}"])
    assert ended.value.code == 2
    assert "not a number from 1 on" in capsys.readouterr().err


def test_what_could_not_be_checked_is_said(run):
    unheard = Verdict(check="judge", passed=True, score=1.0, reason="the judge did not answer", skipped=True)
    told = replace(accepted(started=1.0), verdicts=(unheard,))
    with closing(connect(ledger_file())) as connection:
        write_record(record_of(outcome(told, id="odd")), connection)
    assert "1: not checked: judge (the judge did not answer)" in run()
