"""The page for users of other plugins names every method that is served for them."""

from pathlib import Path
from typing import Any, cast

import pytest

from tierwise.features.dialects import copilot, tabby
from tierwise.features.status import STATUS_CHANGED

PAGE = (Path(__file__).parents[3] / "docs/compatibility.md").read_text("utf-8")


@pytest.mark.parametrize("module", [copilot, tabby], ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_method_is_on_the_page(module: Any) -> None:
    feature = module.feature(cast("Any", None))
    inner = {"initialized", STATUS_CHANGED, copilot.FINISH}
    for name in {*feature.requests, *feature.notifications, *feature.commands} - inner:
        assert f"`{name}`" in PAGE, name
