"""``tierwise tune`` and ``tierwise replay`` as a user runs them."""

import json
from pathlib import Path

import pytest

from replay.worlds import rows, write
from tierwise.cli import main


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("files")
    return write(folder / "known.csv", rows(tasks=150)), write(folder / "new.csv", rows(tasks=60, seed=2))


def test_what_tune_learned_from_one_file_is_replayed_over_another(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known, new = files
    out = tmp_path / "policy.json"
    assert main(["tune", "--outcomes", str(known), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "Proposal: do without silly: small costs no more and solves more." in told
    arguments = ["--outcomes", str(new), "--pool", "small,large", "--policy", str(out), "--seeds", "1", "--json"]
    assert main(["replay", *arguments, "--baselines", "--shuffle-tiers"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["policy"] == "tuned"
    assert found["tasks"] == 60
    assert found["saved"]["always large"]["S99"]["saving"] == 0.0
    assert found["saved"]["tierwise"]["S95"]["saving"] > 0.2
    assert 0.5 < found["two_models"]["apgr"] <= 1.0


def test_without_a_policy_the_replay_is_online_from_cold(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "--outcomes", str(files[1]), "--pool", "small,middle,large", "--seeds", "1"]) == 0
    told = capsys.readouterr().out
    assert "online from cold" in told
    assert "saved at equal quality" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pool", "small,ghost"], "no outcomes of ghost"),
        (["--pool", ","], "the pool is empty"),
        (["--pool", "small,small"], "names a model twice"),
        (["--pool", "small", "--policy", "none.json"], "none.json cannot be read"),
        (["--pool", "small", "--policy", "{newer}"], "is of version 99, this is version 1: make it anew"),
        (["--pool", "small", "--tasks", "{newer}"], "newer.json has no column task_id"),
    ],
)
def test_bad_input_is_told_in_a_sentence(
    files: tuple[Path, Path], arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    newer = tmp_path / "newer.json"
    newer.write_text('{"format": "tierwise-policy", "version": 99}')
    arguments = [argument.format(newer=newer) for argument in arguments]
    assert main(["replay", "--outcomes", str(files[1]), *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--verifier-fa", "1.5"), ("--verifier-fr", "-1"), ("--seeds", "0")])
def test_rates_and_counts_are_checked(files: tuple[Path, Path], option: str, value: str) -> None:
    with pytest.raises(SystemExit) as told:
        main(["replay", "--outcomes", str(files[1]), "--pool", "small", option, value])
    assert told.value.code == 2


def test_tune_of_a_ledger_without_answers_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["tune", "--ledger", str(tmp_path / "none.sqlite3"), "--out", str(tmp_path / "p.json")])
    assert code == 2
    assert "no answer yet" in capsys.readouterr().err
    assert not (tmp_path / "p.json").exists()


def test_tune_of_outcomes_without_costs_says_which_columns_are_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "o.csv", [{"task_id": "a", "model": "m", "resolved": "1"}])
    assert main(["tune", "--outcomes", str(path), "--out", str(tmp_path / "p.json")]) == 2
    assert "needs one of the columns cost_usd, est_cost_usd" in capsys.readouterr().err


def test_of_models_that_cost_nothing_nothing_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Models on one's own machine: `tierwise eval` writes such files."""
    free = write(tmp_path / "o.csv", [{**row, "cost_usd": "0"} for row in rows(tasks=12)])
    assert main(["replay", "--outcomes", str(free), "--pool", "small,large", "--seeds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["saved"]["tierwise"]["S99"]["saving"] == 0.0
