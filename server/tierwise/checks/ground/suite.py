"""A project's own tests: which of them touch a file, how they are run, which of them failed."""

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .process import Ended

MOST_FILES = 24
"""Test files that are run at most, those named after a changed file first: a check is no test run of its own."""

_TEST_FILE = re.compile(r"^(?:test_.+|.+_test)\.py$")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (?P<id>\S.*?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """What a test run came to: the ids of failed tests, empty with ``fine`` false where it could not run at all."""

    fine: bool
    failed: frozenset[str]
    reason: str = ""


def touching(changed: Iterable[Path], tree: Path, names: Sequence[str] | None = None) -> list[str]:
    """Return the test files below ``tree`` that are changed themselves, are named after a changed file or import it."""
    changed = list(changed)
    tests = sorted(path.relative_to(tree) for path in tree.rglob("*.py") if _TEST_FILE.match(path.name))
    modules = {name for path in changed for name in _module_names(path)}
    stems = {path.stem for path in changed if path.stem != "__init__"}
    ranked: list[tuple[int, str]] = []
    for path in tests:
        if path in changed:
            ranked.append((0, str(path)))
        elif path.stem.removeprefix("test_").removesuffix("_test") in stems:
            ranked.append((1, str(path)))
        elif modules & _imported(tree / path):
            ranked.append((2, str(path)))
    return [path for _, path in sorted(ranked)[:MOST_FILES]]


def pytest_words(python: Path, what: Iterable[str]) -> list[str]:
    """Return the command line that runs files or single tests and names those that fail."""
    options = ["-q", "-rfE", "--tb=line", "--no-header", "--color=no", "-p", "no:cacheprovider"]
    return [str(python), "-m", "pytest", *options, *what]


def read_pytest(ended: Ended) -> Result:
    """Return what pytest said; its exit codes are 0 passed, 1 failed, 2 interrupted (collection errors), 5 no tests."""
    failed = frozenset(match["id"].strip() for match in _FAILED.finditer(ended.out))
    if ended.code in (0, 5):
        return Result(True, frozenset())
    if ended.code in (1, 2) and failed:
        return Result(True, failed)
    last = (ended.err.strip() or ended.out.strip()).rpartition("\n")[2]
    known = "pytest is not installed there" if "No module named pytest" in last else f"it ended with code {ended.code}"
    return Result(False, frozenset(), known)


def read_exit(ended: Ended) -> Result:
    """Return what a command's exit code says: one test that passed or failed."""
    return Result(True, frozenset() if ended.code == 0 else frozenset({"the whole run"}))


def _module_names(path: Path) -> set[str]:
    """Return every dotted name by which the file may be imported: all tails of its path."""
    parts = path.with_suffix("").parts
    parts = parts[:-1] if parts[-1:] == ("__init__",) else parts
    return {".".join(parts[at:]) for at in range(len(parts))}


def _imported(path: Path) -> set[str]:
    """Return the names of modules that a file imports, also ``package.name`` for ``from package import name``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found |= {module} | {f"{module}.{alias.name}".lstrip(".") for alias in node.names}
    return found
