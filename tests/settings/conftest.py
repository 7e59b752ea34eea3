"""Settings are read from real files, in a home of the test's own."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from tierwise.settings.sources import Loaded, load

KINDS = ("autocomplete", "docstring", "explain", "fix")


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    """The user's settings file, not there yet."""
    return tmp_path / "home" / "config.toml"


@pytest.fixture
def read(user_file: Path) -> Callable[..., Loaded]:
    """Load settings; the user's file is ``user_file`` if it exists, the environment is empty."""
    env: Mapping[str, str] = {"TIERWISE_CONFIG": str(user_file)}
    user_file.parent.mkdir(exist_ok=True)
    user_file.touch()
    return partial(load, env=env, known_kinds=KINDS)
