"""New files below a folder, and taking them away again: never outside of it, over something or through a link."""

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""A link in a folder's place is an error, also one that was put there a moment ago."""


class UncreatableError(Exception):
    """The file cannot be made or taken away; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A file that was made, and the folders that were made for it, the outer one first."""

    root: Path
    path: Path
    text: str
    folders: tuple[Path, ...] = ()


def create(path: Path, text: str, roots: Sequence[Path]) -> Created:
    """Make a file in UTF-8 with the line ends of the text, below one of the roots; raises ``UncreatableError``."""
    root = _root(path, roots)
    made: list[Path] = []
    try:
        with _folder(root, path.parent.relative_to(root), made) as folder:
            handle = os.open(path.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666, dir_fd=folder)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    except FileExistsError:
        raise UncreatableError(f"{path.name} exists already: nothing was written over it.") from None
    except OSError as error:
        _forget(root, made)
        raise UncreatableError(f"{path.name} cannot be made: {error.strerror}.") from None
    return Created(root=root, path=path, text=text, folders=tuple(made))


def standing(path: Path, text: str, roots: Sequence[Path]) -> Created:
    """Return a file that is there already as if it had been made, without its folders; raises ``UncreatableError``."""
    return Created(root=_root(path, roots), path=path, text=text)


def remove(created: Created) -> None:
    """Take a file away where it still has its text, and the folders that were made for it where they are empty.

    Raises ``UncreatableError``.
    """
    path = created.path
    try:
        with _folder(created.root, path.parent.relative_to(created.root)) as folder:
            handle = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            with os.fdopen(handle, "rb") as file:
                same = file.read() == created.text.encode()
            if same:
                os.unlink(path.name, dir_fd=folder)
    except OSError as error:
        raise UncreatableError(f"{path.name} cannot be taken away: {error.strerror}.") from None
    if not same:
        raise UncreatableError(f"{path.name} was changed since: it is not deleted.")
    _forget(created.root, created.folders)


def _root(path: Path, roots: Sequence[Path]) -> Path:
    root = next((root for root in roots if path.is_relative_to(root) and path != root), None)
    if root is None or ".." in path.parts:
        raise UncreatableError(f"{path.name} lies outside the workspace.")
    return root


@contextmanager
def _folder(root: Path, inner: Path, made: list[Path] | None = None) -> Generator[int]:
    """Open the folder step by step, each seen from the one before; ``made`` takes those that had to be made."""
    handle = os.open(root, FOLDER)
    place = root
    try:
        for name in inner.parts:
            place = place / name
            if made is not None:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=handle)
                    made.append(place)
            inside = os.open(name, FOLDER, dir_fd=handle)
            os.close(handle)
            handle = inside
        yield handle
    finally:
        os.close(handle)


def _forget(root: Path, folders: Sequence[Path]) -> None:
    """Take away folders that are empty, the inner ones first."""
    for path in reversed(folders):
        with suppress(OSError), _folder(root, path.parent.relative_to(root)) as folder:
            os.rmdir(path.name, dir_fd=folder)
