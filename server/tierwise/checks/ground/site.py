"""Where a trial takes place, and what the user allows there."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the user's own settings let checks do; a project's file has no say in it.

    ``trusted`` are folders whose code may be run. ``types`` lets type checkers run, ``tests`` the project's own tests,
    ``unconfined`` lets them run where the system cannot shut them in. A command is a program with its arguments, empty
    where there is none. ``memory`` is in bytes a process may have.
    """

    trusted: tuple[Path, ...] = ()
    types: bool = True
    tests: bool = False
    unconfined: bool = False
    test_command: tuple[str, ...] = ()
    build_command: tuple[str, ...] = ()
    types_seconds: float = 20.0
    tests_seconds: float = 60.0
    memory: int = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A workspace as checks see it; ``root`` None means that the task belongs to none."""

    root: Path | None = None
    allowed: Allowed = Allowed()

    @property
    def trusted(self) -> bool:
        """Whether code of this workspace may be run: its folder, or one above it, is in the user's list."""
        if self.root is None:
            return False
        root = self.root.resolve()
        return any(root.is_relative_to(folder.resolve()) for folder in self.allowed.trusted)

    def relative(self, uri: str) -> Path | None:
        """Return the file's path below the root, or None where it is not a file there."""
        parts = urlsplit(uri)
        path = Path(unquote(parts.path))
        if self.root is None or parts.scheme != "file" or ".." in path.parts:
            return None
        for file, root in ((path, self.root), (path.parent.resolve() / path.name, self.root.resolve())):
            if file.is_relative_to(root):  # the editor may know the folder by a link that the root was freed of
                return file.relative_to(root)
        return None


NOWHERE = Site()
