"""A team's policy file: named by the user anywhere, by a project only inside itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tierwise.settings.sources import Loaded

Read = Callable[..., Loaded]


def test_the_user_names_it_by_its_whole_path(read: Read, user_file: Path) -> None:
    user_file.write_text('[routing]\nteam_policy = "/srv/team/policy.json"\n')
    assert read().settings.routing.team_policy == "/srv/team/policy.json"
    user_file.write_text('[routing]\nteam_policy = "policy.json"\n')
    assert "absolute path" in read().problems[0].message


def test_a_project_names_one_of_its_own_files(read: Read, tmp_path: Path) -> None:
    (tmp_path / ".tierwise.toml").write_text('[routing]\nteam_policy = "tools/policy.json"\n')
    loaded = read(roots=[tmp_path])
    assert loaded.problems == ()
    assert loaded.settings.routing.team_policy == str(tmp_path / "tools/policy.json")


@pytest.mark.parametrize("named", ["/etc/passwd", "~/.netrc", "../other/policy.json", "a/../../b", "link/policy.json"])
def test_a_project_names_nothing_outside(read: Read, tmp_path: Path, named: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (root / ".tierwise.toml").write_text(f'[routing]\nteam_policy = "{named}"\n')
    loaded = read(roots=[root])
    assert loaded.settings.routing.team_policy is None
    (problem,) = loaded.problems
    assert problem.message == "a project may only name a file of its own"
