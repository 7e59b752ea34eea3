"""The index built by its own process, saved, loaded and kept as the files are; whatever happens to the disk."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tierwise.workspace import saved
from tierwise.workspace.build import build
from tierwise.workspace.corpus import Corpus, path_of
from tierwise.workspace.ignore import Gate
from tierwise.workspace.index import Index
from tierwise.workspace.upkeep import REBUILD_AT, Upkeep, find_changes

WAIT = 60.0


@contextmanager
def kept(root: Path, folder: Path) -> Iterator[tuple[Corpus, Upkeep]]:
    corpus = Corpus()
    upkeep = Upkeep(corpus, [root], folder)
    upkeep.start()
    try:
        assert upkeep.settled.wait(WAIT)
        yield corpus, upkeep
    finally:
        upkeep.stop()


def words(corpus: Corpus) -> dict[str, list[str]]:
    """The files that say each of the words the tests use."""
    names = ("alpha", "beta", "gamma", "delta")
    return {name: [Path(path).name for path, _ in corpus.standing(name)] for name in names}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("alpha = 1\n")
    (root / "b.py").write_text("beta = alpha\n")
    (root / ".env").write_text("gamma=1\n")
    return root


def later(path: Path, text: str) -> None:
    """Write so that the file's time surely differs."""
    path.write_text(text)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))


def test_a_workspace_is_built_once_and_loaded_after_that(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with kept(root, tmp_path / "cache") as (corpus, _):
        assert words(corpus) == {"alpha": ["a.py", "b.py"], "beta": ["b.py"], "gamma": [], "delta": []}
    assert sum("built:" in record.message for record in caplog.records) == 1
    caplog.clear()
    with kept(root, tmp_path / "cache") as (corpus, _):
        assert words(corpus)["beta"] == ["b.py"]
    assert not any("built:" in record.message for record in caplog.records)


def test_what_changed_between_two_starts_is_read_as_it_is_now(root: Path, tmp_path: Path) -> None:
    with kept(root, tmp_path / "cache"):
        pass
    later(root / "a.py", "delta = 1\n")
    (root / "b.py").unlink()
    (root / "c.py").write_text("gamma = 1\n")
    with kept(root, tmp_path / "cache") as (corpus, _):
        assert words(corpus) == {"alpha": [], "beta": [], "gamma": ["c.py"], "delta": ["a.py"]}


def test_a_file_touched_without_a_change_counts_as_unchanged(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with kept(root, tmp_path / "cache"):
        pass
    later(root / "a.py", "alpha = 1\n")
    with kept(root, tmp_path / "cache"):
        pass
    assert caplog.records[-1].message.endswith("0 files changed since")


def test_files_that_come_change_and_go_are_followed(root: Path, tmp_path: Path) -> None:
    with kept(root, tmp_path / "cache") as (corpus, upkeep):
        later(root / "a.py", "delta = 1\n")
        (root / "b.py").unlink()
        (root / "c.py").write_text("gamma = 1\n")
        for name in ("a.py", "b.py", "c.py", ".env"):
            upkeep.touch(str(root / name))
        assert upkeep.settled.wait(WAIT)
        assert words(corpus) == {"alpha": [], "beta": [], "gamma": ["c.py"], "delta": ["a.py"]}


def test_a_new_ignore_rule_takes_the_files_out(root: Path, tmp_path: Path) -> None:
    with kept(root, tmp_path / "cache") as (corpus, upkeep):
        (root / ".aiignore").write_text("b.py\n")
        upkeep.touch(str(root / ".aiignore"))
        assert upkeep.settled.wait(WAIT)
        assert words(corpus)["beta"] == []


def test_many_changes_bring_a_new_index(root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with kept(root, tmp_path / "cache") as (corpus, upkeep):
        for number in range(REBUILD_AT):
            (root / f"n{number}.py").write_text("delta\n")
            upkeep.touch(str(root / f"n{number}.py"))
        assert upkeep.settled.wait(WAIT)
        assert len(words(corpus)["delta"]) == REBUILD_AT
    assert sum("built:" in record.message for record in caplog.records) == 2


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda data: b"", "it is no index"),
        (lambda data: b"something else entirely", "it is no index"),
        (lambda data: data[: len(saved.MAGIC) - 1] + b"\xff" + data[len(saved.MAGIC) :], "another version"),
        (lambda data: data[:-64], "damaged or cut short"),
        (lambda data: data[:-64] + b"!" + data[-63:], "damaged or cut short"),
        (lambda data: data[:40] + b"!" + data[41:], "header is damaged"),
    ],
    ids=["empty", "foreign", "other version", "cut short", "flipped byte", "flipped header"],
)
def test_an_index_that_cannot_be_used_is_built_anew_and_says_why(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: object, why: str
) -> None:
    caplog.set_level(logging.INFO)
    with kept(root, tmp_path / "cache"):
        pass
    (index,) = (tmp_path / "cache").glob("*.index")
    index.write_bytes(spoil(index.read_bytes()))  # pyright: ignore[reportCallIssue, reportUnknownArgumentType]
    caplog.clear()
    with kept(root, tmp_path / "cache") as (corpus, _):
        assert words(corpus)["beta"] == ["b.py"]
    assert why in caplog.records[0].message
    assert sum("built:" in record.message for record in caplog.records) == 1


def test_without_room_to_save_there_is_no_index_one_warning_and_no_crash(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that cannot be made stands for a disk that is full: both are an ``OSError`` in the same place."""
    (tmp_path / "cache").write_text("a file, not a folder")
    with kept(root, tmp_path / "cache") as (corpus, upkeep):
        assert corpus.index is None
        later(root / "a.py", "delta = 1\n")
        upkeep.touch(str(root / "a.py"))
        assert upkeep.settled.wait(WAIT)
        assert words(corpus)["delta"] == ["a.py"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "predicting from open files only" in caplog.records[0].message


def test_a_write_that_fails_half_way_leaves_no_trace_and_the_old_index(root: Path, tmp_path: Path) -> None:
    """A limit on the size of files ends the write as a full disk does, half way."""
    target = tmp_path / "cache/one.index"
    build(Gate([root]), target)
    before = target.read_bytes()
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
        "from tierwise.workspace.build import main; main()"
    )
    command = [sys.executable, "-c", limited, str(target), "1000", str(root)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(told.stdout) == {"error": "File too large"}
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["one.index"]


def test_the_newest_files_are_kept_where_not_all_have_room(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for number in range(10):
        (root / f"f{number}.py").write_text(f"word{number} = 1\n" * 10)
        os.utime(root / f"f{number}.py", (number, number))
    build(Gate([root]), tmp_path / "one.index", most_tokens=120)
    content, _ = saved.load(tmp_path / "one.index")
    assert [Path(path).name for path in content.paths] == ["f9.py", "f8.py", "f7.py", "f6.py"]


def test_files_passed_by_are_not_taken_for_new_ones_at_the_next_start(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also in a workspace that has more than the index may hold: otherwise every start would build anew."""
    caplog.set_level(logging.INFO)
    (root / "image.py").write_bytes(bytes(1000))
    os.utime(root / "a.py", (1, 1))
    build(Gate([root]), tmp_path / "one.index", most_tokens=4)
    _, stamps = saved.load(tmp_path / "one.index")
    assert [Path(path).name for path, stamp in stamps.items() if stamp.digest] == ["b.py"]
    assert list(find_changes(Gate([root]), stamps)) == []
    later(root / "a.py", "delta = 1\n")
    assert [(Path(path).name, text) for path, text in find_changes(Gate([root]), stamps)] == [("a.py", "delta = 1\n")]


def test_bad_files_are_passed_by(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "good.py").write_text("alpha = 1\n")
    (root / "binary.bin").write_bytes(bytes(range(256)) * 10)
    (root / "minified.js").write_text("a=1;" * 5000)
    (root / "enormous.py").write_text("x = 1\n" * 300_000)
    (root / "loop").symlink_to(root)
    (root / "surrogate.py").write_bytes(b"x = '\xed\xa0\x80'\n")
    (root / "empty.py").write_text("")
    said = build(Gate([root]), tmp_path / "one.index")
    content, _ = saved.load(tmp_path / "one.index")
    assert sorted(Path(path).name for path in content.paths) == ["empty.py", "good.py"]
    assert said["files"] == 2
    assert Index(content).vocabulary.find("alpha") in (content.tokens >> 1).tolist()


def test_a_loaded_index_says_what_the_built_one_said(root: Path, tmp_path: Path) -> None:
    (root / "odd.py").write_text("x = 'é 文 😀 \u2028 \x85'\n\f\n")
    build(Gate([root]), tmp_path / "one.index")
    content, stamps = saved.load(tmp_path / "one.index")
    again = Index(content)
    assert set(stamps) == set(content.paths)
    for word in ("alpha", "文", "😀"):
        assert sum(again.standing(again.vocabulary.find(word)).values()) > 0


def test_stopping_ends_a_building_process(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for number in range(300):
        (root / f"f{number}.py").write_text("value = compute(first, second)\n" * 400)
    upkeep = Upkeep(Corpus(), [root], tmp_path / "cache")
    upkeep.start()
    time.sleep(0.3)
    started = time.monotonic()
    upkeep.stop()
    assert time.monotonic() - started < 4
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").glob(".index-*"))


@pytest.mark.parametrize(
    ("uri", "path"),
    [("file:///w/a%20b.py", "/w/a b.py"), ("untitled:Untitled-1", "untitled:Untitled-1"), ("/w/a.py", "/w/a.py")],
)
def test_a_uri_names_the_file_as_the_index_does(uri: str, path: str) -> None:
    assert path_of(uri) == path
