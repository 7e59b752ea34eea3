"""Where things live, and who may look at them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tierwise.settings import paths


def test_the_environment_may_name_the_places(tmp_path: Path):
    env = {"TIERWISE_CONFIG": str(tmp_path / "mine.toml"), "TIERWISE_DATA_DIR": str(tmp_path / "data")}
    assert paths.config_file(env) == tmp_path / "mine.toml"
    assert paths.ledger_file(env=env) == tmp_path / "data" / "ledger.sqlite3"
    assert paths.log_file(env=env) == tmp_path / "data" / "log" / "tierwise.log"
    assert paths.cache_dir(env) == tmp_path / "data" / "cache"


def test_a_tilde_means_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert paths.config_file({"TIERWISE_CONFIG": "~/t.toml"}) == tmp_path / "t.toml"


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms have other places")
def test_without_them_the_xdg_places_are_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    assert paths.config_file({}) == tmp_path / "config" / "tierwise" / "config.toml"
    assert paths.ledger_file(env={}) == tmp_path / "data" / "tierwise" / "ledger.sqlite3"
    assert paths.log_file(env={}) == tmp_path / "state" / "tierwise" / "log" / "tierwise.log"
    assert paths.cache_dir({}) == tmp_path / "cache" / "tierwise"


def test_what_the_user_chose_comes_first(tmp_path: Path):
    env = {"TIERWISE_DATA_DIR": str(tmp_path / "data")}
    assert paths.ledger_file(str(tmp_path / "own" / "l.db"), env) == tmp_path / "own" / "l.db"
    assert (tmp_path / "own").is_dir()
    assert paths.log_file(str(tmp_path / "own" / "l.log"), env) == tmp_path / "own" / "l.log"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_directories_are_made_for_their_owner_only_and_existing_ones_left_alone(tmp_path: Path):
    env = {"TIERWISE_DATA_DIR": str(tmp_path / "data")}
    paths.ledger_file(env=env)
    paths.log_file(env=env)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "log").stat().st_mode & 0o777 == 0o700
    (tmp_path / "data").chmod(0o755)
    paths.ledger_file(env=env)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o755


def test_asking_for_the_settings_file_makes_nothing(tmp_path: Path):
    paths.config_file({"TIERWISE_CONFIG": str(tmp_path / "a" / "b.toml")})
    assert not (tmp_path / "a").exists()


def test_a_directory_that_cannot_be_made_does_not_stop_anyone(tmp_path: Path):
    (tmp_path / "file").touch()
    env = {"TIERWISE_DATA_DIR": str(tmp_path / "file")}
    assert paths.ledger_file(env=env) == tmp_path / "file" / "ledger.sqlite3"


def test_knowing_the_places_does_not_cost_the_import_of_pydantic():
    code = "import sys, tierwise.settings.paths; print(*[name for name in sys.modules if name.startswith('pydantic')])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == ""
