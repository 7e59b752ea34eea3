"""Puzzles out of a repository's history: commits that fixed one file and brought the tests that show it."""

import asyncio
from pathlib import Path

from tierwise.checks.ground.process import CannotStartError, Command, run
from tierwise.core.text import Position
from tierwise.workspace.restraint import restrained

from .puzzles import Puzzle, Sort

COMMITS = 300
"""The newest commits that are looked through."""

SECONDS = 20.0


async def fixes(root: Path, most: int) -> list[Puzzle]:
    """Return up to ``most`` puzzles, the newest first; none where the folder is no repository."""
    found: list[Puzzle] = []
    options = ("--no-merges", "--diff-filter=M", "--name-only", "--format=%x00%H%x09%s")
    log = await _git(root, "log", f"-{COMMITS}", *options)
    for entry in (log or "").split("\0")[1:]:
        head, *names = [line for line in entry.splitlines() if line.strip()]
        commit, _, subject = head.partition("\t")
        tests = tuple(name for name in names if _is_test(name))
        code = [name for name in names if name.endswith(".py") and not _is_test(name)]
        if len(code) != 1 or not tests or len(found) >= most:
            continue
        before = await _git(root, "show", "--no-textconv", f"{commit}~1:{code[0]}")
        after = await _git(root, "show", "--no-textconv", f"{commit}:{code[0]}")
        if before and after:
            found.append(
                Puzzle(
                    sort=Sort.FIX,
                    path=Path(code[0]),
                    shown=before,
                    truth=after,
                    place=Position(0, 0),
                    tests=tests,
                    instruction=subject,
                    commit=commit,
                )
            )
    return found


def _is_test(name: str) -> bool:
    stem = Path(name).name
    return stem.endswith(".py") and (stem.startswith("test_") or stem.endswith("_test.py"))


async def _git(root: Path, *words: str) -> str | None:
    try:
        env = await asyncio.to_thread(restrained, root)
        ended = await run(Command(words=["git", *words], cwd=root, seconds=SECONDS, env=env))
    except CannotStartError:
        return None
    return ended.out if ended.code == 0 and not ended.late else None
