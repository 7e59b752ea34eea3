"""A seat at each Neovim."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from desk import TIERS

from .seat import VERSIONS, Seat, sit_down


@pytest.fixture(params=VERSIONS)
async def seat(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Seat]:
    """A Neovim of each version; no command asks before it costs something."""
    async with sit_down(request.param, tmp_path, TIERS + "[budget]\nask_above = 1000.0\n") as made:
        yield made
