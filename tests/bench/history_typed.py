"""A repository's commits turned back into typing: what was added, key by key, where it was added."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

LANGUAGES = {".py": "python", ".js": "javascript", ".ts": "typescript", ".go": "go", ".rs": "rust"}
LONGEST = 400
"""Lines of one addition: more was not typed but moved or generated."""
FIELD = "\x1f"


@dataclass(frozen=True, slots=True)
class Addition:
    """Lines that a commit has put into a file, before its line ``at``; ``before`` is the file up to then."""

    path: str
    language: str
    before: str
    at: int
    lines: tuple[str, ...]


def additions(repository: Path, commits: int) -> Iterator[Addition]:
    """Yield what the latest commits have added, the oldest first."""
    listed = _git(repository, "log", f"-{commits}", "--no-merges", "--format=%H", "--diff-filter=M", "--name-only")
    commit, found = "", list[tuple[str, str]]()
    for line in listed.splitlines():
        if len(line) == 40 and "." not in line:
            commit = line
        elif Path(line).suffix in LANGUAGES:
            found.append((commit, line))
    for commit, path in reversed(found):
        yield from _of_file(repository, commit, path)


def _of_file(repository: Path, commit: str, path: str) -> Iterator[Addition]:
    old, new = (_git(repository, "show", f"{which}:{path}") for which in (f"{commit}^", commit))
    ours, theirs = old.splitlines(keepends=True), new.splitlines(keepends=True)
    current, shift = list(ours), 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        at = i1 + shift
        del current[at : at + i2 - i1]
        if 0 < j2 - j1 <= LONGEST:
            yield Addition(path, LANGUAGES[Path(path).suffix], "".join(current), at, tuple(theirs[j1:j2]))
        current[at:at] = theirs[j1:j2]
        shift += (j2 - j1) - (i2 - i1)


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    return done.stdout
