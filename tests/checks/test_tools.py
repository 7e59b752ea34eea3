"""Checks that ask the tools a project uses: linters and type checkers, before and after."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from checks.projects import project, trial, verdict
from tierwise.checks import Allowed, Site
from tierwise.checks.ground.process import Command, run
from tierwise.checks.ground.tools import find

CODE = "def f(a: int) -> int:\n    return a\n"
PYRIGHT = {"pyproject.toml": "[tool.pyright]\n", "a.py": CODE}


async def test_a_name_that_does_not_exist_is_fatal(tmp_path: Path) -> None:
    said = await verdict("lint_fatal", trial(project(tmp_path, {"a.py": CODE}), {"a.py": "def f(a):\n    return b\n"}))
    assert not said.passed
    assert said.hard
    assert "a.py:2" in said.reason
    assert "F821" in said.reason
    assert said.places[0].line == 1


async def test_an_error_that_was_there_before_is_not_held_against_the_answer(tmp_path: Path) -> None:
    root = project(tmp_path, {"a.py": "def f(a):\n    return b\n"})
    assert (await verdict("lint_fatal", trial(root, {"a.py": "# more\ndef f(a):\n    return b\n"}))).passed


async def test_a_language_without_linter_is_skipped_and_says_so(tmp_path: Path) -> None:
    said = await verdict("lint_fatal", trial(project(tmp_path, {"a.rb": "x\n"}), {"a.rb": "y\n"}))
    assert (said.passed, said.skipped, said.reason) == (True, True, "no linter for this language")


async def test_the_project_s_own_lint_settings_are_not_read(tmp_path: Path) -> None:
    root = project(tmp_path, {"a.py": CODE, "ruff.toml": 'lint.ignore = ["F821"]\n'})
    assert not (await verdict("lint_fatal", trial(root, {"a.py": "b\n"}))).passed


async def test_new_type_errors_are_vetoed_and_counted(tmp_path: Path) -> None:
    root = project(tmp_path, PYRIGHT)
    said = await verdict("types", trial(root, {"a.py": 'def f(a: int) -> int:\n    return "x"\n\nf("y")\n'}))
    assert not said.passed
    assert said.hard
    assert said.reason.startswith("2 new type errors: a.py:2:")


async def test_type_errors_that_were_there_before_do_not_count(tmp_path: Path) -> None:
    root = project(tmp_path, {**PYRIGHT, "a.py": 'x: int = "a"\n'})
    said = await verdict("types", trial(root, {"a.py": 'y = 1\nx: int = "a"\n'}))
    assert (said.passed, said.skipped) == (True, False)


async def test_types_see_the_rest_of_the_project_and_leave_it_alone(tmp_path: Path) -> None:
    root = project(tmp_path, {**PYRIGHT, "pkg/__init__.py": "", "pkg/b.py": "def g() -> str:\n    return ''\n"})
    said = await verdict("types", trial(root, {"pkg/c.py": "from pkg.b import g\n\nx: int = g()\n"}))
    assert not said.passed
    assert "c.py:3" in said.reason
    assert not (root / "pkg/c.py").exists()


async def test_a_project_that_configures_no_type_checker_has_none(tmp_path: Path) -> None:
    said = await verdict("types", trial(project(tmp_path, {"a.py": CODE}), {"a.py": "x: int = ''\n"}))
    assert said.skipped
    assert "configures no type checker" in said.reason


async def test_a_checker_that_takes_too_long_is_skipped(tmp_path: Path) -> None:
    said = await verdict(
        "types", trial(project(tmp_path, PYRIGHT), {"a.py": "x: int = ''\n"}, Allowed(types_seconds=0.01))
    )
    assert said.skipped
    assert "longer than" in said.reason


async def test_a_tool_inside_the_workspace_runs_only_where_it_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the workspace managed to put itself on the PATH."""
    own = tmp_path / ".venv/bin/ruff"
    own.parent.mkdir(parents=True)
    own.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", f"{own.parent}{os.pathsep}{os.environ['PATH']}")
    assert find("ruff", Site(root=tmp_path)) == Path(sys.executable).parent / "ruff"
    await verdict("lint_fatal", trial(tmp_path, {"a.py": "x\n"}))
    assert not (tmp_path / "ran").exists()
    assert find("ruff", Site(root=tmp_path, allowed=Allowed(trusted=(tmp_path,)))) == own


PLUGIN = """\
import pathlib

from mypy.plugin import Plugin

pathlib.Path({mark!r}).touch()


def plugin(version):
    return Plugin
"""


def _plugin_project(root: Path) -> Path:
    plugin = PLUGIN.format(mark=str(root / "ran"))
    return project(root, {"mypy.ini": "[mypy]\nplugins = evil.py\n", "evil.py": plugin, "a.py": CODE})


@pytest.mark.skipif(shutil.which("mypy") is None, reason="mypy is not installed")
@pytest.mark.parametrize("trusted", [True, False])
async def test_a_mypy_plugin_runs_only_in_a_trusted_workspace(tmp_path: Path, trusted: bool) -> None:
    root = _plugin_project(tmp_path)
    allowed = Allowed(trusted=(root,) if trusted else ())
    said = await verdict("types", trial(root, {"a.py": "x: int = ''\n"}, allowed))
    assert not said.passed, said
    assert (root / "ran").exists() == trusted


async def test_a_program_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "children"
    code = f"(trap '' TERM; sleep 60 & echo $! > {mark}; wait) & wait"
    ended = await run(Command(words=["sh", "-c", code], cwd=tmp_path, seconds=0.3))
    assert ended.late
    await _ended(mark.read_text().strip())


async def test_a_caller_in_a_hurry_leaves_no_process_behind(tmp_path: Path) -> None:
    """Cancelled once, the program is asked to end; cancelled again meanwhile, it is killed."""
    mark = tmp_path / "children"
    code = f"trap '' TERM; sleep 60 & echo $! > {mark}; wait; wait"
    running = asyncio.create_task(run(Command(words=["sh", "-c", code], cwd=tmp_path, seconds=60)))
    while not (mark.exists() and mark.read_text()):  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await _ended(mark.read_text().strip())


async def _ended(pid: str) -> None:
    """Wait for it: whoever is killed still has to be scheduled once more."""
    async with asyncio.timeout(5):
        while _runs(pid):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)


def _runs(pid: str) -> bool:
    """Whether the process is there and not a mere entry that nobody has cleared away yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_no_key_of_ours_reaches_a_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    ended = await run(Command(words=["env"], cwd=tmp_path, seconds=5))
    assert "sk-secret" not in ended.out
    assert "PATH=" in ended.out
