"""What a repository tells of its history: for commit messages, descriptions and reviews."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from .ignore import Gate
from .restraint import restrained

PATIENCE = 10.0
"""Seconds for one call: somebody asked for it and waits."""

_PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--relative")
"""Only what lies below the folder, with paths from there: a workspace may be a part of its repository."""

BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master", "trunk", "develop")
"""What a branch usually starts from, in the order to look."""


class RepositoryError(Exception):
    """Git cannot tell; the message is a sentence for the user."""


async def staged(root: Path, gate: Gate) -> str:
    """Return the diff of what is staged, of the files that the gate admits."""
    await git(root, "rev-parse", "--is-inside-work-tree")  # outside of one, `git diff` compares files and says nothing
    return await _diff(root, gate, "--cached")


async def unstaged(root: Path, gate: Gate) -> str:
    """Return the diff of the files against the last commit, of those that the gate admits; in a repository without
    commits against nothing.
    """
    return await _diff(root, gate)


async def subjects(root: Path, count: int = 20) -> list[str]:
    """Return the first lines of the last commit messages, merges left out; none in a new repository."""
    try:
        log = await git(root, "log", f"-{count}", "--no-merges", "--format=%s")
    except RepositoryError:
        return []
    return log.splitlines()


async def since(root: Path, start: str, gate: Gate) -> tuple[str, str]:
    """Return the commit messages since the branch left ``start``, and the diff of the files that the gate admits."""
    log = await git(root, "log", "--no-merges", "--reverse", "--format=%s%n%n%b", f"{start}..HEAD", "--")
    return log, await _diff(root, gate, f"{start}...HEAD")


async def origin(root: Path, wanted: str = "") -> str:
    """Return the branch that this one started from; raises ``RepositoryError`` where there is none."""
    for name in (wanted,) if wanted else BRANCHES:
        if name.startswith("-"):
            continue
        try:
            await git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except RepositoryError:
            continue
        return name
    raise RepositoryError(f"There is no branch {wanted!r}." if wanted else "No branch is found that this one left.")


async def _diff(root: Path, gate: Gate, *what: str) -> str:
    listed = await git(root, "diff", *_PLAIN, "--name-only", "--no-renames", "-z", *what, "--")
    barred = await asyncio.to_thread(_barred, root, gate, listed.split("\0"))
    return await git(root, "diff", *_PLAIN, *what, "--", ".", *(f":(exclude,literal){name}" for name in barred))


def _barred(root: Path, gate: Gate, names: Iterable[str]) -> list[str]:
    return [name for name in names if name and not gate.admits(root / name)]


async def git(root: Path, *arguments: str) -> str:
    """Return what git prints; raises ``RepositoryError``."""
    env = {**os.environ, **await asyncio.to_thread(restrained, root)}
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            "git", *arguments, cwd=root, env=env, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise RepositoryError(f"Git cannot be run: {error.strerror}.") from None
    try:
        async with asyncio.timeout(PATIENCE):
            out, wrong = await process.communicate()
    except TimeoutError:
        raise RepositoryError(f"Git did not answer in {PATIENCE:.0f} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        said = wrong.decode("utf-8", errors="replace").strip().splitlines()
        if any("not a git repository" in line.lower() for line in said):
            raise RepositoryError("This folder is in no git repository.")
        raise RepositoryError(f"Git says: {said[-1] if said else 'no'}")
    return out.decode("utf-8", errors="replace")
