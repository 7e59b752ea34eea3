"""Where settings, records and logs live: the platform's places, or the ones the environment names."""

import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import PlatformDirs

CONFIG = "TIERWISE_CONFIG"
"""Environment variable: the user's settings file."""

DATA_DIR = "TIERWISE_DATA_DIR"
"""Environment variable: one directory for ledger, log and cache."""

PROJECT_FILE = ".tierwise.toml"

_DIRS = PlatformDirs("tierwise", appauthor=False)


def config_file(env: Mapping[str, str] = os.environ) -> Path:
    """Return the user's settings file, which need not exist."""
    named = env.get(CONFIG)
    return _expanded(named) if named else _DIRS.user_config_path / "config.toml"


def ledger_file(chosen: str | None = None, env: Mapping[str, str] = os.environ) -> Path:
    """Return the ledger's file, the ``chosen`` one first, in a directory made for its owner only."""
    path = Path(chosen) if chosen else _place(env, "", _DIRS.user_data_path) / "ledger.sqlite3"
    private_directory(path.parent)
    return path


def log_file(chosen: str | None = None, env: Mapping[str, str] = os.environ) -> Path:
    """Return the log's file, the ``chosen`` one first, in a directory made for its owner only."""
    path = Path(chosen) if chosen else _place(env, "log", _DIRS.user_log_path) / "tierwise.log"
    private_directory(path.parent)
    return path


def cache_dir(env: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for what can be made again, made for its owner only."""
    path = _place(env, "cache", _DIRS.user_cache_path)
    private_directory(path)
    return path


def data_dir(env: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for records that cannot be made again, made for its owner only."""
    path = _place(env, "", _DIRS.user_data_path)
    private_directory(path)
    return path


def demo_dir(env: Mapping[str, str] = os.environ) -> Path:
    """Return the directory that a rehearsed session keeps its own settings and ledger in."""
    return _place(env, "demo", _DIRS.user_data_path / "demo")


def private_directory(path: Path) -> None:
    """Make a directory that only its owner can enter; one that exists keeps its permissions.

    Where that cannot be, whoever opens the file says so.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        pass


def _place(env: Mapping[str, str], within: str, usual: Path) -> Path:
    named = env.get(DATA_DIR)
    return _expanded(named) / within if named else usual


def _expanded(named: str) -> Path:
    return Path(os.path.expanduser(named))  # noqa: PTH111 - unlike Path.expanduser it never fails
