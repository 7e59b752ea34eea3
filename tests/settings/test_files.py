"""Whatever a settings file is or holds, reading it ends soon and the other sources stay in force."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tierwise.core.text import Position
from tierwise.settings.sources import Loaded

Read = Callable[..., Loaded]

EDITOR = {"features": {"hover": {"deadline": 5}}}


def refusal(loaded: Loaded, path: Path) -> str:
    """Return the one problem's message; what the editor said must be in force all the same."""
    (problem,) = loaded.problems
    assert problem.path == path
    assert problem.span is not None
    assert problem.fix
    assert loaded.settings.features.hover.deadline == 5.0
    return problem.message


def test_a_file_that_is_not_utf_8_is_refused_at_the_first_wrong_byte(read: Read, user_file: Path):
    user_file.write_bytes("# ok\nname = 'café'\n".encode("latin-1"))
    loaded = read(editor=EDITOR)
    assert refusal(loaded, user_file) == "this file is not UTF-8"
    (problem,) = loaded.problems
    assert problem.span is not None
    assert problem.span.start == Position(1, 11)


@pytest.mark.parametrize("data", [bytes(range(256)), "[log]".encode("utf-16"), b"\x00" * 100, b"\xed\xa0\x80"])
def test_a_binary_file_is_refused(read: Read, user_file: Path, data: bytes):
    user_file.write_bytes(data)
    assert "this" in refusal(read(editor=EDITOR), user_file)


def test_a_byte_order_mark_does_no_harm(read: Read, user_file: Path):
    user_file.write_bytes(b"\xef\xbb\xbf[log]\nlevel = 'debug'\n")
    assert read().problems == ()
    assert read().settings.log.level == "debug"


def test_an_empty_file_says_nothing(read: Read, user_file: Path):
    user_file.write_bytes(b"")
    assert read().problems == ()


def test_a_huge_file_is_refused(read: Read, user_file: Path):
    user_file.write_bytes(b"#" * (256 * 1024 + 1))
    assert refusal(read(editor=EDITOR), user_file) == "this file is larger than 256 KiB"


def test_a_directory_in_the_files_place_is_refused(read: Read, user_file: Path):
    user_file.unlink()
    user_file.mkdir()
    assert refusal(read(editor=EDITOR), user_file) == "this is not a file"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in directories")
def test_a_pipe_in_the_files_place_is_refused_and_not_waited_for(read: Read, tmp_path: Path):
    pipe = tmp_path / ".tierwise.toml"
    os.mkfifo(pipe)
    assert refusal(read(editor=EDITOR, roots=[tmp_path]), pipe) == "this is not a file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless device here")
def test_a_link_to_an_endless_device_is_refused(read: Read, tmp_path: Path):
    link = tmp_path / ".tierwise.toml"
    link.symlink_to("/dev/zero")
    assert refusal(read(editor=EDITOR, roots=[tmp_path]), link) == "this is not a file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_file_is_refused(read: Read, user_file: Path):
    user_file.chmod(0)
    assert refusal(read(editor=EDITOR), user_file) == "this file cannot be read: permission denied"


def test_a_link_in_a_circle_is_refused(read: Read, tmp_path: Path):
    link = tmp_path / ".tierwise.toml"
    link.symlink_to(link)
    assert refusal(read(editor=EDITOR, roots=[tmp_path]), link).startswith("this file cannot be read: ")


def test_a_root_that_is_no_directory_has_no_settings(read: Read, user_file: Path, tmp_path: Path):
    assert read(roots=[user_file, tmp_path / "nowhere"]).problems == ()


HOSTILE = [
    pytest.param("a" + ".a" * 20_000 + " = 1", "this line has too many dots", id="a key that takes tomllib 6 s"),
    pytest.param("a = " + "[" * 100_000, "a value in this file is too long or too deep", id="brackets"),
    pytest.param("a = " + "{a=" * 50_000, "a value in this file is too long or too deep", id="braces"),
    pytest.param("a = " + "9" * 100_000, "a value in this file is too long or too deep", id="digits"),
    pytest.param("\n".join(f"[a{number}]" for number in range(20_000)), None, id="tables"),
    pytest.param("\n".join("[[rules]]" for _ in range(20_000)), None, id="rules"),
    pytest.param("[features." + "a" * 200_000 + "]", None, id="a name"),
    pytest.param("a = '" + "x" * 200_000 + "'", None, id="a string"),
    pytest.param("\n".join("a" + ".a" * 199 + f".b{number} = 1" for number in range(600)), None, id="just enough dots"),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE)
def test_a_hostile_file_is_done_with_at_once(read: Read, tmp_path: Path, text: str, message: str | None):
    """The bound is far above what it takes, in seconds of this process, and far below what the attack would take."""
    (tmp_path / ".tierwise.toml").write_text(text)
    start = time.process_time()
    loaded = read(editor=EDITOR, roots=[tmp_path])
    assert time.process_time() - start < 5
    assert loaded.settings.features.hover.deadline == 5.0
    assert 0 < len(loaded.problems) <= 101
    if message:
        assert [problem.message for problem in loaded.problems] == [message]
