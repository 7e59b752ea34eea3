"""Which commit a file's repository stands at, read from git's own files: no process is started for it."""

from pathlib import Path


def head_of(path: Path) -> str | None:
    """Return what tells one commit of the file's repository from the next, or None where there is no repository."""
    for folder in path.parents:
        git = folder / ".git"
        if git.exists():
            return _head(git)
    return None


def _head(git: Path) -> str | None:
    try:
        if git.is_file():  # a work tree of its own, or a submodule
            git = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text("utf-8").strip()
        name = head.removeprefix("ref:").strip()
        if name == head:
            return head
        common = git / "commondir"
        shared = git / common.read_text("utf-8").strip() if common.exists() else git
        own = next((place / name for place in (git, shared) if (place / name).exists()), None)
        # A reference that was packed has no file; packing is no commit, and the next commit writes the file again.
        return f"{name} {own.read_text('utf-8').strip()}" if own else f"{name} {_packed(shared, name)}"
    except (OSError, UnicodeDecodeError):
        return None


def _packed(git: Path, name: str) -> str:
    packed = git / "packed-refs"
    if not packed.exists():
        return ""
    lines = packed.read_text("utf-8").splitlines()
    return next((line.partition(" ")[0] for line in lines if line.endswith(f" {name}")), "")
