"""What a real repository says has changed."""

import subprocess
from pathlib import Path

import pytest

from tierwise.workspace.git import changes


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    run(tmp_path, "init", "-q")
    (tmp_path / "a b.py").write_text("".join(f"{number}\n" for number in range(50)), "utf-8")
    (tmp_path / "ü.py").write_bytes(b"one\r\ntwo\r\n")
    (tmp_path / "gone.py").write_text("x\n", "utf-8")
    run(tmp_path, "add", "-A")
    run(tmp_path, "commit", "-qm", "first")
    return tmp_path


def run(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def test_hunks_are_lines_as_they_are_now(repository: Path) -> None:
    path = repository / "a b.py"
    path.write_text(path.read_text("utf-8").replace("9\n", "nine\n", 1).replace("40\n", ""), "utf-8")
    (repository / "ü.py").write_bytes(b"one\r\n2\r\n")
    (repository / "gone.py").unlink()
    found = {(hunk.path.name, hunk.first): hunk.lines for hunk in changes(repository)}
    assert found == {
        ("a b.py", 6): ("6", "7", "8", "nine", "10", "11", "12"),
        ("a b.py", 37): ("37", "38", "39", "41", "42", "43"),
        ("ü.py", 0): ("one", "2"),
    }


def test_what_is_staged_counts_and_a_clean_tree_has_nothing(repository: Path) -> None:
    assert changes(repository) == ()
    (repository / "new.py").write_text("fresh\n", "utf-8")
    run(repository, "add", "-A")
    assert [(hunk.path.name, hunk.lines) for hunk in changes(repository)] == [("new.py", ("fresh",))]


def test_lines_that_look_like_a_diff_are_lines(repository: Path) -> None:
    path = repository / "a b.py"
    path.write_text("++ b/evil.py\n" + path.read_text("utf-8"), "utf-8")
    (hunk,) = changes(repository)
    assert hunk.path == path
    assert hunk.lines[0] == "++ b/evil.py"


def test_no_repository_no_changes(tmp_path: Path) -> None:
    assert changes(tmp_path) == ()
    assert changes(tmp_path / "nowhere") == ()


def test_a_repository_s_own_configuration_runs_no_program(repository: Path) -> None:
    trap = repository / "ran"
    for key in ("diff.external", "core.fsmonitor", "core.pager", "diff.trap.textconv"):
        run(repository, "config", key, f"touch {trap};")
    (repository / ".gitattributes").write_text("*.py diff=trap\n", "utf-8")
    (repository / "gone.py").write_text("y\n", "utf-8")
    assert [hunk.path.name for hunk in changes(repository)] == ["gone.py"]
    assert not trap.exists()
