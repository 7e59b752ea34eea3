"""The project's own tests and its build: run on a shut-in copy, compared with before, nothing left behind."""

import sys
from pathlib import Path

import pytest

from checks.projects import LEAN, project, trial, verdict
from tierwise.checks import Allowed
from tierwise.checks.ground.confined import Job, can_confine, perform
from tierwise.checks.ground.duplicate import duplicate
from tierwise.checks.ground.suite import touching

CODE = "def add(a, b):\n    return a + b\n"
TEST = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
FILES = {"calc.py": CODE, "tests/test_calc.py": TEST, "pytest.ini": LEAN, ".gitignore": "secret.txt\n"}

FORK = """\
import os

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execlp("sleep", "sleep", "987")
    os._exit(0)
"""

WRITE = """\
for place in {places}:
    try:
        open(place + "/written", "w")
    except OSError:
        pass
"""


def allowed(root: Path, seconds: float = 20.0, **more: object) -> Allowed:
    return Allowed(trusted=(root,), tests=True, unconfined=True, tests_seconds=seconds, **more)  # type: ignore[arg-type]


async def check(root: Path, code: str, seconds: float = 20.0, **more: object):
    return await verdict("tests", trial(root, {"calc.py": code}, allowed(root, seconds, **more)))


def processes(place: Path) -> list[str]:
    """Return the command lines of all processes that name the place or work in it."""
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                works = str((entry / "cwd").readlink())
            except OSError:
                continue
            if str(place) in line or str(place) in works:
                found.append(line)
    return found


async def test_an_answer_that_keeps_the_tests_passing_passes(tmp_path: Path) -> None:
    said = await check(project(tmp_path, FILES), "def add(a, b):\n    return b + a\n")
    assert (said.passed, said.skipped) == (True, False)


async def test_a_test_that_passed_and_now_fails_is_a_veto_that_names_it(tmp_path: Path) -> None:
    root = project(tmp_path, FILES)
    said = await check(root, "def add(a, b):\n    return a - b\n")
    assert (said.passed, said.hard) == (False, True)
    assert said.reason == "1 tests that passed now fail: tests/test_calc.py::test_add"
    assert (root / "calc.py").read_text() == CODE


async def test_a_test_that_failed_before_proves_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, {**FILES, "calc.py": "def add(a, b):\n    return 0\n"})
    said = await check(root, "def add(a, b):\n    return 1\n")
    assert (said.passed, said.skipped) == (True, True)


async def test_what_is_not_committed_takes_part(tmp_path: Path) -> None:
    root = project(tmp_path, FILES)
    (root / "tests/test_new.py").write_text("from calc import add\n\n\ndef test_zero():\n    assert add(0, 0) == 0\n")
    said = await check(root, "def add(a, b):\n    return a + b if a else 7\n")
    assert "tests/test_new.py::test_zero" in said.reason


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (Allowed(), "not switched on (checks.run_tests)"),
        (Allowed(tests=True), "the workspace is not trusted (checks.trusted_workspaces)"),
        (
            Allowed(tests=True, trusted=(Path("/elsewhere"),)),
            "the workspace is not trusted (checks.trusted_workspaces)",
        ),
    ],
)
async def test_nothing_runs_without_trust_and_consent(tmp_path: Path, given: Allowed, reason: str) -> None:
    root = project(tmp_path, {**FILES, "conftest.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n"})
    for name in ("tests", "builds"):
        said = await verdict(name, trial(root, {"calc.py": CODE + "\n"}, given))
        assert said.skipped
    said = await verdict("tests", trial(root, {"calc.py": CODE + "\n"}, given))
    assert said.reason == reason
    assert not (tmp_path / "ran").exists()


async def test_an_answer_that_makes_the_tests_hang_is_vetoed_and_nothing_is_left_running(tmp_path: Path) -> None:
    """On a busy machine the runner alone can take longer than the time that is allowed: then it gets more."""
    root = project(tmp_path, FILES)
    for seconds in (2, 8, 32, 128):
        said = await check(root, "def add(a, b):\n    while True:\n        pass\n", seconds=seconds)
        assert not said.passed or "with the edits and without them" in said.reason
        assert processes(tmp_path) == []
        if not said.skipped:
            break
    assert (said.passed, said.skipped) == (False, False)
    assert f"stopped after {seconds} s; without the edits the tests end in time" in said.reason


async def test_tests_that_hang_anyway_are_skipped(tmp_path: Path) -> None:
    root = project(tmp_path, {**FILES, "tests/test_calc.py": TEST + "    while True:\n        pass\n"})
    said = await check(root, CODE + "\n", seconds=1.5)
    assert said.skipped
    assert "with the edits and without them" in said.reason


async def test_a_run_that_forks_away_leaves_no_process_behind(tmp_path: Path) -> None:
    root = project(tmp_path, {**FILES, "conftest.py": FORK})
    said = await check(root, CODE + "\n")
    assert (said.passed, said.skipped) == (True, False)
    assert processes(tmp_path) == []


async def test_what_a_run_writes_outside_its_copy_is_refused_or_lands_in_the_copy(tmp_path: Path) -> None:
    if not await can_confine():
        pytest.skip("no user namespaces on this system")
    outside = tmp_path / "outside"
    outside.mkdir()
    root = project(tmp_path / "project", FILES)
    write = WRITE.format(places=(str(outside), str(root)))
    said = await check(root, write + CODE)
    assert (said.passed, said.skipped) == (True, False)
    assert list(outside.iterdir()) == []
    assert not (root / "written").exists()


async def test_a_run_has_no_network_but_itself(tmp_path: Path) -> None:
    if not await can_confine():
        pytest.skip("no user namespaces on this system")
    code = (
        "import socket\n"
        "own = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(own.getsockname())\n"
        "try:\n    socket.create_connection(('192.0.2.1', 80), 2)\n"
        "except OSError as error:\n    print(error.errno)\n"
    )
    async with duplicate(project(tmp_path, FILES)) as copy:
        ended = await perform(
            Job(words=[sys.executable, "-I", "-c", code], seconds=10, allowed=allowed(tmp_path)), copy
        )
    assert ended.out.strip() == "101", ended  # ENETUNREACH


async def test_a_run_has_no_more_memory_than_it_is_given(tmp_path: Path) -> None:
    said = await check(project(tmp_path, FILES), f"x = bytearray({3 << 30})\n{CODE}", memory=1 << 30)
    assert not said.passed
    assert "test_calc.py" in said.reason


async def test_without_a_way_to_shut_it_in_nothing_runs_unless_the_user_allows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tierwise.checks.ground.confined._answers", {"confine": False})
    root = project(tmp_path, FILES)
    said = await verdict("tests", trial(root, {"calc.py": CODE + "\n"}, Allowed(trusted=(root,), tests=True)))
    assert said.skipped
    assert "checks.unconfined" in said.reason
    assert (await check(root, CODE + "\n")).reason == ""


async def test_a_command_of_the_user_s_own_is_judged_by_its_exit_code(tmp_path: Path) -> None:
    root = project(tmp_path, {"add.sh": "exit 0\n"})
    given = allowed(root, test_command=("sh", "add.sh"))
    assert not (await verdict("tests", trial(root, {"add.sh": "exit 3\n"}, given))).passed
    assert (await verdict("tests", trial(root, {"add.sh": "exit 0 # fine\n"}, given))).passed


async def test_a_build_that_breaks_is_a_veto_with_its_last_words(tmp_path: Path) -> None:
    root = project(tmp_path, {"build.sh": "exit 0\n"})
    given = allowed(root, build_command=("sh", "build.sh"))
    said = await verdict("builds", trial(root, {"build.sh": "echo no rule >&2\nexit 2\n"}, given))
    assert (said.passed, said.reason) == (False, "the build fails: no rule")
    assert (await verdict("builds", trial(root, {"build.sh": "true\n"}, given))).passed


def test_the_tests_that_touch_a_file_are_its_namesakes_and_its_importers(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "src/pkg/shape.py": "",
            "tests/test_shape.py": "",
            "tests/test_uses.py": "from pkg import shape\n",
            "tests/test_other.py": "import pkg.colour\n",
            "tests/test_broken.py": "def (\n",
        },
    )
    assert touching([Path("src/pkg/shape.py")], root) == ["tests/test_shape.py", "tests/test_uses.py"]
