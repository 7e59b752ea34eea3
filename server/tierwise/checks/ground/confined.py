"""Run a command in a copy of the workspace, shut in as far as the system can.

On Linux with user namespaces: a file system that is read-only but for the copy, which stands in the workspace's own
place; no network but loopback; processes that all die with the first. Everywhere on Linux: limits of time, memory and
file size, and no descendant survives. Elsewhere nothing is run.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .duplicate import DEPENDENCIES, Duplicate
from .process import CannotStartError, Command, Ended, run
from .site import Allowed

LATE, UNCONFINED = 124, 125
"""Exit codes of ``supervisor.py`` that are not the command's."""

MARGIN = 5.0
"""Seconds in which the supervisor must have cleaned up after the command's time; then it is stopped itself."""

_UNSHARE = ("unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child")


class CannotConfineError(Exception):
    """The system has no way to shut a command in; the message says what the user can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command for the copy, with its limits."""

    words: Sequence[str]
    seconds: float
    allowed: Allowed


async def perform(job: Job, copy: Duplicate) -> Ended:
    """Run the job; ``late`` where its time was up. Raises ``CannotConfineError`` and ``CannotStartError``."""
    if sys.platform != "linux":
        raise CannotConfineError("project code is run on Linux only")
    confine = await can_confine()
    if not confine and not job.allowed.unconfined:
        raise CannotConfineError(
            "this system cannot shut a test run in (no user namespaces); checks.unconfined lets it run all the same"
        )
    spec = {
        "command": list(job.words),
        "cwd": str(copy.root if confine else copy.tree),
        "root": str(copy.root),
        "tree": str(copy.tree),
        "place": str(copy.tree.parent),
        "dependencies": DEPENDENCIES,
        "seconds": job.seconds,
        "memory": job.allowed.memory,
        "confine": confine,
    }
    if not confine:
        await asyncio.to_thread(_link, copy)
    supervisor = (sys.executable, "-I", "-S", str(Path(__file__).with_name("supervisor.py")), json.dumps(spec))
    scratch = str(copy.scratch)
    cwd = spec["cwd"]
    paths = f"{cwd}:{cwd}/src"  # before an editable installation's, which lead to the original
    env = {
        "PYTHONPATH": paths,
        "TMPDIR": scratch,
        "HOME": scratch,
        "XDG_CACHE_HOME": scratch,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    words = (*_UNSHARE, *supervisor) if confine else supervisor
    ended = await run(Command(words=words, cwd=copy.tree, seconds=job.seconds + MARGIN, env=env))
    if ended.code == UNCONFINED:
        raise CannotConfineError(ended.err.strip().rpartition("\n")[2])
    return Ended(code=ended.code, out=ended.out, err=ended.err, late=ended.late or ended.code == LATE)


_answers: dict[str, bool] = {}


async def can_confine() -> bool:
    """Say whether the system lets us make namespaces; it is tried once."""
    if "confine" not in _answers:
        _answers["confine"] = await _ask()
    return _answers["confine"]


async def _ask() -> bool:
    try:
        ended = await run(Command(words=(*_UNSHARE, "true"), cwd=Path("/"), seconds=5.0))
    except CannotStartError:
        return False
    return ended.code == 0 and not ended.late


def _link(copy: Duplicate) -> None:
    """Without a mount of their own, the dependencies are linked into the copy."""
    for name in DEPENDENCIES:
        if (copy.root / name).is_dir() and not (copy.tree / name).exists():
            (copy.tree / name).symlink_to(copy.root / name)
