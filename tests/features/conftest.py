"""A desk for each test of a feature."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from desk import Desk, sit_down


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    """A seat with all tiers configured."""
    async with sit_down(tmp_path / "desk") as seat:
        yield seat
