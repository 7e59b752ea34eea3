"""What a real repository tells, and that none of its own programs runs."""

import subprocess
from pathlib import Path

import pytest

from projects import branch, commit, write
from tierwise.workspace import repository
from tierwise.workspace.ignore import Gate


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write({"a.py": "a = 1\n"}, tmp_path)
    commit(tmp_path, "Begin\n\nWith a.")
    return tmp_path


async def test_staged_and_unstaged_changes_are_told_apart(root: Path) -> None:
    write({"a.py": "a = 2\n"}, root)
    assert await repository.staged(root, Gate((root,))) == ""
    assert "+a = 2" in await repository.unstaged(root, Gate((root,)))
    await repository.git(root, "add", "a.py")
    assert "+a = 2" in await repository.staged(root, Gate((root,)))


async def test_a_file_that_nobody_may_be_shown_is_in_no_diff(root: Path) -> None:
    """Secrets and ignored files are sometimes committed all the same."""
    hidden = {".env": "KEY=1\n", "notes [draft].txt": "one\n", "sub/.env": "KEY=1\n", ".aiignore": "notes*\n"}
    write(hidden, root)
    commit(root, "Add what should not be there")
    branch(root, "more")
    changed = {name: text + "more\n" for name, text in hidden.items() if name != ".aiignore"}
    write({**changed, "a.py": "a = 2\n"}, root)
    gate = Gate((root,))
    found = [await repository.unstaged(root, gate)]
    await repository.git(root, "add", "-A")
    found.append(await repository.staged(root, gate))
    commit(root, "More")
    found.append((await repository.since(root, "main", gate))[1])
    assert all("+a = 2" in diff and "more" not in diff for diff in found)


async def test_a_workspace_that_is_a_part_of_its_repository_shows_nothing_beside_it(root: Path) -> None:
    write({"part/b.py": "b = 1\n"}, root)
    commit(root, "Add b")
    write({"a.py": "a = 2\n", "part/b.py": "b = 2\n"}, root)
    diff = await repository.unstaged(root / "part", Gate((root / "part",)))
    assert "+++ b/b.py\n" in diff
    assert "a = 2" not in diff


async def test_subjects_are_the_last_messages_first_lines(root: Path) -> None:
    write({"a.py": "a = 2\n"}, root)
    commit(root, "Raise a")
    assert await repository.subjects(root) == ["Raise a", "Begin"]


async def test_a_new_repository_has_no_subjects(tmp_path: Path) -> None:
    await repository.git(tmp_path, "init", "-q")
    assert await repository.subjects(tmp_path) == []


async def test_a_branch_is_told_since_where_it_left(root: Path) -> None:
    branch(root, "feature")
    write({"b.py": "b = 1\n"}, root)
    commit(root, "Add b")
    base = await repository.origin(root)
    log, diff = await repository.since(root, base, Gate((root,)))
    assert base == "main"
    assert "Add b" in log
    assert "Begin" not in log
    assert "+b = 1" in diff


@pytest.mark.parametrize("name", ["nowhere", "--output=/tmp/x"])
async def test_a_branch_that_is_not_there_is_said_and_an_option_is_no_branch(root: Path, name: str) -> None:
    with pytest.raises(repository.RepositoryError, match="no branch"):
        await repository.origin(root, name)


async def test_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(repository.RepositoryError, match="in no git repository"):
        await repository.staged(tmp_path, Gate((tmp_path,)))


async def test_programs_that_a_repository_names_are_not_run(root: Path) -> None:
    trap = root / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {root}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        subprocess.run(["git", "config", key, str(trap)], cwd=root, check=True)  # noqa: ASYNC221 - sets the trap
    write({"a.py": "a = 3\n"}, root)
    assert "+a = 3" in await repository.unstaged(root, Gate((root,)))
    assert not (root / "sprung").exists()
