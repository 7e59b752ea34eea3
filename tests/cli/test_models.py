"""What answers which tier, and what is missing."""

import json
import os
from pathlib import Path

import pytest

from tierwise.cli import main
from tierwise.settings.paths import CONFIG, DATA_DIR


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATA_DIR, str(tmp_path))


def models(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["models", "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_key_in_the_environment_fills_the_tiers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    code, told = models(capsys)
    assert code == 0
    assert [tier[0]["model"] for tier in list(told["tiers"].values())[1:]] == [  # type: ignore[attr-defined]
        "anthropic/claude-haiku-5-5",
        "anthropic/claude-sonnet-5-5",
        "anthropic/claude-opus-5-5",
    ]
    assert any("ANTHROPIC_API_KEY" in sentence for sentence in told["found"])  # type: ignore[attr-defined]


def test_without_anything_it_says_what_is_missing_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = models(capsys)
    assert code == 1
    assert any("ANTHROPIC_API_KEY" in sentence for sentence in told["missing"])  # type: ignore[attr-defined]


def test_settings_win_over_what_is_found_and_may_name_models_nobody_knows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[providers.team]\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[tiers.fast]\nmodels = ["team/our-own"]\n'
        '[models."team/our-own".price]\ninput = 0.5\noutput = 2\nas_of = "2026-11-01"\n'
        '[tiers.mid]\nmodels = ["team/unpriced"]\n'
    )
    monkeypatch.setenv(CONFIG, str(config))
    code, told = models(capsys)
    tiers: dict[str, list[dict[str, object]]] = told["tiers"]  # type: ignore[assignment]
    assert code == 0
    assert tiers["fast"][0]["price"] == {"input": 0.5, "output": 2.0, "as_of": "2026-11-01"}
    assert tiers["mid"][0]["price"] is None


def test_the_table_says_that_a_price_is_unknown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "c.toml").write_text(
        '[providers.team]\nbase_url = "http://127.0.0.1:9/v1"\n[tiers.mid]\nmodels = ["team/x"]\n'
    )
    monkeypatch.setenv(CONFIG, str(tmp_path / "c.toml"))
    main(["models"])
    assert "unknown" in capsys.readouterr().out


def test_the_doctor_names_a_wrong_setting_with_its_line_and_its_fix(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "c.toml").write_text("[ledger]\nenabeld = true\n")
    monkeypatch.setenv(CONFIG, str(tmp_path / "c.toml"))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    assert main(["doctor", "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)
    (wrong,) = [finding for finding in findings if not finding["ok"]]
    assert f"{tmp_path / 'c.toml'}:2" in wrong["said"]
    assert "enabled" in wrong["said"]


def test_the_doctor_never_prints_a_key(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-very-secret")
    main(["doctor"])
    main(["models"])
    assert "very-secret" not in capsys.readouterr().out
    assert os.environ["ANTHROPIC_API_KEY"] == "sk-very-secret"


def test_the_doctor_asks_when_told_to_and_says_what_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert main(["doctor", "--ask", "--json"]) == 1
    said = [finding["said"] for finding in json.loads(capsys.readouterr().out) if finding["part"] == "fast"]
    assert "127.0.0.1:9" in said[-1]
