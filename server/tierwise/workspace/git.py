"""What a repository says has changed since its last commit."""

import logging
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .restraint import restrained

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for one call; a repository that takes longer is not asked on behalf of a completion."""

MOST = 400_000
"""Characters of a diff that are read; a larger one is a merge or generated files, not somebody's thoughts."""

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines of a file as they are now, around a change: ``first`` is the number of the first, from 0."""

    path: Path
    first: int
    lines: tuple[str, ...]


def changes(root: Path) -> tuple[Hunk, ...]:
    """Return the hunks of all tracked files that differ from the last commit; none where git cannot tell.

    Reads the repository and waits for a process: for threads only.
    """
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "--unified=3", "--relative")
    try:
        done = subprocess.run(
            ("git", "diff", "HEAD", *options),
            cwd=root,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, **restrained(root)},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.info("no diff of %s: %s", root, error)
        return ()
    if done.returncode:
        return ()
    return parse(done.stdout.decode("utf-8", errors="replace")[:MOST], root)


def parse(diff: str, root: Path) -> tuple[Hunk, ...]:
    """Return the hunks of a unified diff, their lines as they are after it."""
    hunks: list[Hunk] = []
    path: Path | None = None
    lines = iter(diff.split("\n"))
    for line in lines:
        if line.startswith("+++ "):
            name = line[4:].rstrip("\t")
            path = root / name[2:] if name.startswith("b/") else None
        elif path is not None and (head := _HUNK.match(line)) is not None:
            now = tuple(_lines_now(lines, int(head[1] or 1), int(head[3] or 1)))
            hunks.append(Hunk(path=path, first=max(0, int(head[2]) - 1), lines=now))
    return tuple(hunks)


def _lines_now(lines: Iterator[str], old: int, new: int) -> Iterator[str]:
    """Read one hunk: the header counts its lines, so that a line which looks like a header is a line."""
    for line in lines:
        sign, text = line[:1], line[1:].removesuffix("\r")
        if sign in ("-", " "):
            old -= 1
        if sign in ("+", " "):
            new -= 1
            yield text
        if old <= 0 and new <= 0:
            return
