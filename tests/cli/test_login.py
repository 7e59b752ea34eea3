"""A key goes into the keyring, is found by the server, shows up nowhere else, and comes out again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KEY = "sk-ant-api03-KeyringOnly1029384756abcdef"

BACKEND = '''
"""A keyring in a file, for tests."""
import json
import os
from pathlib import Path
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class Filed(KeyringBackend):
    priority = 1
    path = Path(os.environ["FILED_KEYRING"])

    def _all(self):
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        self.path.write_text(json.dumps({**self._all(), f"{service}/{username}": password}))

    def delete_password(self, service, username):
        kept = self._all()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not there")
        self.path.write_text(json.dumps(kept))
'''


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment whose keyring is a file."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/filed_keyring.py").write_text(BACKEND)
    paths = os.pathsep.join([str(tmp_path / "lib"), os.environ.get("PYTHONPATH", "")])
    return {
        **os.environ,
        "PYTHONPATH": paths,
        "PYTHON_KEYRING_BACKEND": "filed_keyring.Filed",
        "FILED_KEYRING": str(tmp_path / "keys.json"),
        "TIERWISE_DATA_DIR": str(tmp_path / "data"),
        "TIERWISE_CONFIG": str(tmp_path / "config/config.toml"),
    }


def tierwise(env: dict[str, str], *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tierwise", *arguments]
    return subprocess.run(command, capture_output=True, text=True, input=said, env=env, check=False)


def test_a_key_in_the_keyring_is_used_and_taken_out_again(env: dict[str, str], tmp_path: Path) -> None:
    assert "anthropic/" not in tierwise(env, "models").stdout
    done = tierwise(env, "login", "anthropic", said=f"{KEY}\n")
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    found = tierwise(env, "models")
    assert "anthropic" in found.stdout
    assert "claude" in found.stdout
    written = [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert written == [tmp_path / "keys.json"]
    assert tierwise(env, "login", "anthropic", "--remove").returncode == 0
    assert "claude" not in tierwise(env, "models").stdout
    assert KEY not in (tmp_path / "keys.json").read_text()


def test_an_unknown_provider_and_an_empty_key_are_refused(env: dict[str, str]) -> None:
    assert "there is no provider 'nobody'" in tierwise(env, "login", "nobody", said=f"{KEY}\n").stderr
    assert tierwise(env, "login", "openai", said="\n").returncode == 2


def test_a_keyring_that_cannot_be_used_is_said_without_the_key(env: dict[str, str]) -> None:
    broken = {**env, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    done = tierwise(broken, "login", "openai", said=f"{KEY}\n")
    assert done.returncode == 1
    assert "the keyring did not take the key" in done.stderr
    assert KEY not in done.stdout + done.stderr
