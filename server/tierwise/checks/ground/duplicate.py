"""A copy of a workspace to run things in, with other texts in some of its files."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tierwise.workspace.restraint import restrained

from .process import CannotStartError, Command, run

MOST_FILES = 20_000
MOST_BYTES = 500 << 20
"""What is copied at most: seconds of work, and a temporary folder that is not filled by a check."""

DEPENDENCIES = (".venv", "venv", "node_modules")
"""Folders that git ignores and a test run needs; they are shown to it read-only instead of being copied."""

GIT_SECONDS = 20.0


class TooLargeError(Exception):
    """The workspace is larger than a check may copy; the message says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """The copy: ``tree`` stands for the workspace's ``root``, ``scratch`` is for temporary files."""

    root: Path
    tree: Path
    scratch: Path

    def write(self, texts: Mapping[Path, str]) -> None:
        """Put texts into files of the copy."""
        for path, text in texts.items():
            target = self.tree / path
            if target.is_symlink():
                target.unlink()
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="")


@asynccontextmanager
async def duplicate(root: Path) -> AsyncGenerator[Duplicate]:
    """Copy what git lists (tracked and new files, as they are on disk), elsewhere everything but hidden folders.

    Raises ``TooLargeError`` and ``OSError``. The copy is removed at the end, whatever was done in it.
    """
    place = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="tierwise-worktree-"))
    made = Duplicate(root=await asyncio.to_thread(root.resolve), tree=place / "tree", scratch=place / "tmp")
    try:
        names = await _names(made.root)
        await asyncio.to_thread(_copy, made, names)
        yield made
    finally:
        await asyncio.to_thread(_remove, place)


async def _names(root: Path) -> list[str] | None:
    """Return the files that git knows or would take, or None where the folder is no repository."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    env = await asyncio.to_thread(restrained, root)
    try:
        ended = await run(Command(words=words, cwd=root, seconds=GIT_SECONDS, env=env))
    except CannotStartError:
        return None
    return sorted(set(ended.out.split("\0")) - {""}) if ended.code == 0 and not ended.late else None


def _copy(made: Duplicate, names: list[str] | None) -> None:
    made.tree.mkdir()
    made.scratch.mkdir()
    count = size = 0
    for name in names if names is not None else _walk(made.root):
        source, target = made.root / name, made.tree / name
        if not source.is_symlink() and not source.is_file():
            continue  # deleted in the working directory, or a submodule
        count += 1
        size += source.lstat().st_size
        if count > MOST_FILES or size > MOST_BYTES:
            raise TooLargeError(f"the workspace has more than {MOST_FILES:,} files or {MOST_BYTES >> 20} MB")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name for name in folders if not name.startswith(".") and name not in {*DEPENDENCIES, "__pycache__"}
        ]
        for name in files:
            yield str((Path(folder) / name).relative_to(root))


def _remove(place: Path) -> None:
    """Remove the copy, also where a test took away the right to."""
    for folder, folders, _ in os.walk(place):
        for name in folders:
            path = Path(folder) / name
            if not path.is_symlink():
                try:
                    path.chmod(0o700)
                except OSError:
                    pass  # rmtree leaves behind what it cannot remove either
    shutil.rmtree(place, ignore_errors=True)
