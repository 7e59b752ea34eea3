"""Every test runs off the network, without the user's keys and away from the user's files."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from guard import loopback

GUARD = Path(loopback.__file__).parent

VENDORS = ("ANTHROPIC", "OPENAI", "GEMINI", "GOOGLE", "OLLAMA", "TIERWISE", "MISTRAL", "DEEPSEEK", "CODESTRAL")

OUTCOMES = "TIERWISE_OUTCOMES"
"""Names a folder of recorded outcomes for the routing benchmark; a path, no secret and no setting."""

# A machine that does other work too takes its time, and no test is about that.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def pytest_configure(config: pytest.Config) -> None:
    """Set up what session-wide fixtures and the processes they start must already see."""
    for name in list(os.environ):
        if name == OUTCOMES:
            continue
        if name.startswith(tuple(f"{vendor}_" for vendor in VENDORS)) or name.lower() in PROXIES:
            del os.environ[name]
    place = Path(tempfile.mkdtemp(prefix="tierwise-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(place, ignore_errors=True))
    log = place / "guard.log"
    log.touch()
    os.environ[loopback.LOG] = str(log)
    os.environ |= homes(place / "home")
    paths = [str(GUARD), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    loopback.install()


def pytest_xdist_auto_num_workers() -> int:
    """Return three for two cores: where a test waits for a process or a clock, another one works."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


def homes(home: Path) -> dict[str, str]:
    """Return the variables that put a user's directories below ``home``."""
    return {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
    }


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own home directory, still empty."""
    place = tmp_path / "home"
    for name, value in homes(place).items():
        monkeypatch.setenv(name, value)
    place.mkdir()
    return place


@pytest.fixture(autouse=True)
def no_network() -> Iterator[list[str]]:
    """Fail the test if it, or a process it started, tried to leave the loopback address.

    The list takes the attempts that a test makes on purpose.
    """
    log = Path(os.environ[loopback.LOG])
    before = log.stat().st_size
    expected: list[str] = []
    yield expected
    with log.open(encoding="utf-8") as file:
        file.seek(before)
        attempts = [line for line in file.read().splitlines() if line not in expected]
    assert not attempts, f"left the loopback address: {attempts}"
