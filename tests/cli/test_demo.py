"""The demo, as a newcomer runs it: a process of its own, on a machine without keys."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT = 60
"""Seconds within which it promises to end by itself."""


def tierwise(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "tierwise", *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the demo once on our own source; return what it printed and where it kept its records."""
    data = tmp_path_factory.mktemp("data")
    return tierwise("demo", cwd=data, TIERWISE_DATA_DIR=str(data)), data


def test_it_ends_well_and_says_what_is_rehearsed(session: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, _ = session
    assert done.returncode == 0, done.stderr
    assert "texts are rehearsed" in done.stdout


def test_it_shows_every_feature_with_its_tier_and_cost(
    session: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, _ = session
    for shown in (
        "inline_completion · autocomplete",
        "hover · explain",
        "code_action · docstring",
        "code_action · fix",
        "failed the check: parses",
        "anthropic/claude-sonnet-5-5",
        "All at frontier",
    ):
        assert shown in done.stdout


def test_the_ledger_holds_what_the_vendors_counted(
    session: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, data = session
    ledger = str(data / "demo" / "ledger.sqlite3")
    total = json.loads(tierwise("report", "--json", "--ledger", ledger, cwd=data).stdout)["total"]
    (line,) = [line for line in done.stdout.splitlines() if "vendors counted" in line]
    calls, dollars = line.split("counted ")[1].split(";")[0].replace("$", "").split(" calls and ")
    assert total["calls"] == int(calls)
    assert round(total["cost"], 2) == round(float(dollars), 2)


def test_why_and_report_tell_of_the_demo_until_there_is_more(
    session: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    _, data = session
    told = tierwise("why", "--last", "5", "--json", cwd=data, TIERWISE_DATA_DIR=str(data))
    assert "demo" in told.stderr
    decisions = json.loads(told.stdout)["decisions"]
    assert len(decisions) == 5
    assert all(decision["reason"] and decision["attempts"] for decision in decisions)


def test_a_key_that_is_there_is_offered_but_not_used(tmp_path: Path) -> None:
    done = tierwise("demo", cwd=tmp_path, TIERWISE_DATA_DIR=str(tmp_path), ANTHROPIC_API_KEY="sk-real")
    assert done.returncode == 0, done.stderr
    assert "ANTHROPIC_API_KEY is set" in done.stdout


def test_without_any_model_a_live_demo_says_what_to_do(tmp_path: Path) -> None:
    done = tierwise("demo", "--live", cwd=tmp_path, TIERWISE_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "tierwise doctor" in done.stderr


def test_a_folder_without_code_is_refused_with_what_would_do(tmp_path: Path) -> None:
    done = tierwise("demo", str(tmp_path), cwd=tmp_path, TIERWISE_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "give the folder of a" in done.stderr
