"""From settings to an engine: what it may do by itself, and what it may not."""

from pathlib import Path

import pytest

from tierwise.app.building import Plan, build
from tierwise.settings.problems import Source

FAKE = """\
[providers.fake]
type = "fake"
[tiers.fast]
models = ["fake/cheap"]
[tiers.mid]
models = ["fake/middle"]
"""


def plan(home: Path, more: str = "", project: str = "") -> Plan:
    (home / "config.toml").write_text(FAKE + more)
    root = home / "project"
    root.mkdir()
    if project:
        (root / ".tierwise.toml").write_text(project)
    env = {"TIERWISE_CONFIG": str(home / "config.toml"), "TIERWISE_DATA_DIR": str(home / "data"), "HOME": str(home)}
    return Plan.load(env=env, roots=(root,))


@pytest.mark.parametrize(
    "more", ["", "[budget]\nday = 5.0\n", "[budget]\nshadow = 0.02\n", "[budget]\nday = 5.0\nshadow = 0.0\n"]
)
async def test_nothing_is_shadowed_without_a_share_of_a_limit(tmp_path: Path, more: str) -> None:
    building = await build(plan(tmp_path, more))
    assert building.engine.shadows is None
    await building.close()


async def test_shadows_may_spend_their_share_of_the_day(tmp_path: Path) -> None:
    building = await build(plan(tmp_path, "[budget]\nday = 5.0\nshadow = 0.02\n"))
    assert building.engine.parts.shadows is not None
    assert building.engine.parts.shadows() == pytest.approx(0.1)
    await building.close()
    assert building.engine.shadows is not None
    assert building.engine.shadows.allowance() == 0.0


def test_more_than_two_percent_is_refused(tmp_path: Path) -> None:
    (problem,) = plan(tmp_path, "[budget]\nday = 5.0\nshadow = 0.5\n").problems
    assert "shadow" in str(problem)


def test_a_project_cannot_switch_shadows_on(tmp_path: Path) -> None:
    found = plan(tmp_path, "[budget]\nday = 5.0\n", project="[budget]\nshadow = 0.02\n")
    assert found.settings.budget.shadow == 0.0
    (problem,) = found.problems
    assert problem.source is Source.PROJECT
