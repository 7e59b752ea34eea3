"""Files made inside a workspace: where they may be, and what is never touched."""

from pathlib import Path

import pytest

from tierwise.workspace.creation import UncreatableError, create, remove, standing


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    return place


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    place = tmp_path / "outside"
    place.mkdir()
    return place


def test_a_file_is_made_with_its_folders_and_its_line_ends(root: Path) -> None:
    made = create(root / "a/b/c.py", "x = 1\r\ny = 'é'\r\n", [root])
    assert (root / "a/b/c.py").read_bytes() == "x = 1\r\ny = 'é'\r\n".encode()
    assert made.folders == (root / "a", root / "a/b")


def test_what_was_made_goes_with_the_folders_made_for_it(root: Path) -> None:
    made = create(root / "a/b/c.py", "x", [root])
    remove(made)
    assert list(root.iterdir()) == []
    made = create(root / "a/b/c.py", "x", [root])
    (root / "a/other.py").write_text("")
    remove(made)
    assert [path.name for path in (root / "a").iterdir()] == ["other.py"]


def test_a_file_that_is_there_is_never_written_over(root: Path) -> None:
    (root / "a.py").write_text("mine")
    with pytest.raises(UncreatableError, match="exists already"):
        create(root / "a.py", "yours", [root])
    assert (root / "a.py").read_text() == "mine"


def test_a_link_in_the_file_s_place_is_not_followed(root: Path, outside: Path) -> None:
    (root / "a.py").symlink_to(outside / "new.py")
    with pytest.raises(UncreatableError, match="exists already"):
        create(root / "a.py", "x", [root])
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["lib/a.py", "lib/deep/a.py"])
def test_a_folder_that_is_a_link_is_not_entered(root: Path, outside: Path, name: str) -> None:
    (root / "lib").symlink_to(outside)
    with pytest.raises(UncreatableError, match=r"a\.py"):
        create(root / name, "x", [root])
    assert list(outside.iterdir()) == []


def test_nothing_is_made_outside_of_the_roots(root: Path, outside: Path) -> None:
    for path in (outside / "a.py", root / "../outside/a.py", root):
        with pytest.raises(UncreatableError, match="outside the workspace"):
            create(path, "x", [root])
    assert list(outside.iterdir()) == []


def test_no_folder_stays_of_a_file_that_could_not_be_made(root: Path) -> None:
    with pytest.raises(UncreatableError, match="name too long"):
        create(root / "a/b" / ("c" * 300), "x", [root])
    assert list(root.iterdir()) == []


def test_a_file_that_was_changed_since_is_not_taken_away(root: Path, outside: Path) -> None:
    made = create(root / "a.py", "x", [root])
    made.path.write_text("mine")
    with pytest.raises(UncreatableError, match="changed since"):
        remove(made)
    made.path.unlink()
    (outside / "a.py").write_text("x")
    made.path.symlink_to(outside / "a.py")
    with pytest.raises(UncreatableError, match="cannot be taken away"):
        remove(standing(made.path, "x", [root]))
    assert (outside / "a.py").read_text() == "x"
