"""The workspace as the local tier knows it."""

import asyncio
import time
from pathlib import Path

import pytest

from tierwise.app import workplace
from tierwise.app.workplace import Workplace


async def test_a_name_that_cannot_be_looked_up_in_time_is_one_that_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop, where the index lives, may have no turn to give on a busy machine: no request fails for that."""
    monkeypatch.setattr(workplace, "LOOK_UP", 0.05)
    here = Workplace([tmp_path])
    asked = asyncio.get_running_loop().run_in_executor(None, here.usage.definitions, "total_of")
    time.sleep(0.3)  # noqa: ASYNC251 - that the loop is held up is what this is about
    assert await asked == []
