"""How much of a workspace a scan is about: one file, what is not committed, a branch, or everything."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tierwise.workspace import git, repository
from tierwise.workspace.ignore import Gate

from .plan import Interest

COMMITS = 300
"""Commits whose files count as lively."""


class Scope(StrEnum):
    """What a scan is about."""

    FILE = "file"
    DIFF = "diff"
    BRANCH = "branch"
    WORKSPACE = "workspace"


class NoScopeError(Exception):
    """There is nothing of that kind here; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The files in question (None: all of the workspace's) and what makes some of their units worth more."""

    interest: Interest
    paths: tuple[Path, ...] | None = None


async def extent(root: Path, scope: Scope, paths: tuple[Path, ...] = (), base: str = "") -> Extent:
    """Return what the scope means; ``base`` is the branch to compare with. Raises ``NoScopeError``.

    A changed unit is one that a hunk of the diff touches, its three lines of context included.
    """
    if scope is Scope.FILE:
        return Extent(interest=Interest(), paths=paths)
    if scope is Scope.WORKSPACE:
        hunks = await asyncio.to_thread(git.changes, root)
        return Extent(interest=Interest(changed=_lines(hunks), churn=await _churn(root)), paths=paths or None)
    gate = Gate((root,))
    try:
        if scope is Scope.DIFF:
            diff = await repository.staged(root, gate) + await repository.unstaged(root, gate)
        else:
            _, diff = await repository.since(root, await repository.origin(root, base), gate)
    except repository.RepositoryError as error:
        raise NoScopeError(str(error)) from None
    changed = _lines(git.parse(diff, root))
    return Extent(interest=Interest(changed=changed, only=True), paths=tuple(changed))


def _lines(hunks: Iterable[git.Hunk]) -> dict[Path, frozenset[int]]:
    lines: dict[Path, frozenset[int]] = {}
    for hunk in hunks:
        touched = frozenset(range(hunk.first, hunk.first + len(hunk.lines)))
        lines[hunk.path] = lines.get(hunk.path, frozenset()) | touched
    return lines


async def _churn(root: Path) -> dict[Path, int]:
    """Return in how many of the last commits each file changed; nothing where there is no repository."""
    try:
        listed = await repository.git(
            root, "log", f"-{COMMITS}", "--no-merges", "--format=", "--name-only", "--relative"
        )
    except repository.RepositoryError:
        return {}
    return {root / name: count for name, count in Counter(filter(None, listed.splitlines())).items()}
