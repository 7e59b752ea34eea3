"""The type checkers that projects use: which one is it, how is it run, what does it say."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from .findings import Finding
from .process import Ended
from .site import Site
from .tools import find, python

_PYTHON = frozenset({"python"})
_SCRIPT = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """A program that a project uses. ``words`` builds its command line for an overlay and the changed files in it;
    ``read`` returns the findings with paths below the overlay and raises ``ValueError`` where it cannot be understood;
    ``env`` is what it needs besides the few variables that all tools get.
    """

    name: str
    program: Path
    words: Callable[[Path, Sequence[Path]], list[str]]
    read: Callable[[Ended, Path], list[Finding]]
    env: Mapping[str, str] = field(default_factory=dict[str, str])


def checker(site: Site, language: str) -> Checker | str:
    """Return the checker that the project uses for the language, or a sentence that says why there is none."""
    if site.root is None:
        return "the file belongs to no workspace"
    if language in _PYTHON:
        return _python_checker(site, site.root)
    if language in _SCRIPT:
        return _script_checker(site, site.root)
    if language == "go":
        return _go_checker(site, site.root)
    return f"no type checker is known for {language or 'this file'}"


def _python_checker(site: Site, root: Path) -> Checker | str:
    tables = _tool_tables(root)
    if (root / "pyrightconfig.json").is_file() or "pyright" in tables:
        return _pyright(site)
    configured = any((root / name).is_file() for name in ("mypy.ini", ".mypy.ini")) or "mypy" in tables
    if configured or _has_section(root / "setup.cfg", "mypy"):
        return _mypy(site)
    return "the project configures no type checker"


def _pyright(site: Site) -> Checker | str:
    program = find("pyright", site)
    if program is None:
        return "pyright is not installed"
    interpreter = python(site) if site.trusted else None
    own = ["--pythonpath", str(interpreter)] if interpreter else []

    def words(place: Path, files: Sequence[Path]) -> list[str]:
        return [str(program), "--outputjson", *own, *(str(place / path) for path in files)]

    return Checker(name="pyright", program=program, words=words, read=_read_pyright)


def _mypy(site: Site) -> Checker | str:
    program = find("mypy", site)
    if program is None:
        return "mypy is not installed"

    def words(place: Path, files: Sequence[Path]) -> list[str]:
        # A configuration may name plugins and an interpreter, and both would run: only a trusted project's is read.
        isolated = [] if site.trusted else ["--config-file=", "--no-site-packages"]
        cache = f"--cache-dir={place / '.tierwise-mypy'}"
        form = ["--no-error-summary", "--no-color-output", "--no-pretty", "--show-error-codes", "--hide-error-context"]
        return [str(program), *isolated, cache, *form, *(str(path) for path in files)]

    return Checker(name="mypy", program=program, words=words, read=_read_mypy)


def _script_checker(site: Site, root: Path) -> Checker | str:
    if not (root / "tsconfig.json").is_file():
        return "the project has no tsconfig.json"
    program = find("tsc", site)
    if program is None:
        return "tsc is not installed" + ("" if site.trusted else " outside the workspace, which is not trusted")

    def words(place: Path, files: Sequence[Path]) -> list[str]:
        # The compiler itself runs no plugin: `plugins` in tsconfig.json are the language service's. An incremental
        # project would write its state beside the sources, hence a place of its own.
        state = ["--incremental", "--tsBuildInfoFile", str(place / ".tierwise-tsbuildinfo")]
        return [str(program), "--noEmit", "--pretty", "false", "-p", str(place), *state]

    return Checker(name="tsc", program=program, words=words, read=_read_tsc)


def _go_checker(site: Site, root: Path) -> Checker | str:
    if not (root / "go.mod").is_file():
        return "the project has no go.mod"
    program = find("go", site)
    if program is None:
        return "go is not installed"

    def words(place: Path, files: Sequence[Path]) -> list[str]:
        packages = sorted({f"./{path.parent.as_posix()}" for path in files})
        return [str(program), "vet", *_GO_FLAGS, *packages]

    return Checker(name="go vet", program=program, words=words, read=_read_go, env=_GO)


_GO_FLAGS = ("-ifaceassert", "-buildvcs=false")
"""One analyzer instead of all: the types are checked for each of them. No version control is asked, because its
configuration may name programs."""

_GO = {"GOFLAGS": "", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
"""Nothing is downloaded, no other compiler runs, no module file is written, whatever the project asks for."""


def _read_pyright(ended: Ended, place: Path) -> list[Finding]:
    told = cast("dict[str, Any]", json.loads(ended.out))
    items = cast("list[dict[str, Any]]", told["generalDiagnostics"])
    return [
        Finding(
            _below(str(item["file"]), place),
            int(item["range"]["start"]["line"]) if "range" in item else 0,
            str(item.get("rule") or "error"),
            str(item["message"]).partition("\n")[0],
        )
        for item in items
        if item["severity"] == "error"
    ]


_MYPY = re.compile(
    r"^(?P<path>[^:\n]+):(?P<line>\d+)(?::\d+)?: error: (?P<message>.*?)(?:  \[(?P<code>[\w-]+)\])?$", re.MULTILINE
)
_TSC = re.compile(r"^(?P<path>[^(\n]+)\((?P<line>\d+),\d+\): error (?P<code>TS\d+): (?P<message>.*)$", re.MULTILINE)


_GO_FOUND = re.compile(r"^(?:vet: )?(?P<path>[^:\n]+\.go):(?P<line>\d+)(?::\d+)?: (?P<message>.*)$", re.MULTILINE)


def _read_mypy(ended: Ended, place: Path) -> list[Finding]:
    if ended.code not in (0, 1):
        raise ValueError(f"it ended with code {ended.code}")
    return [_found(match, place) for match in _MYPY.finditer(ended.out)]


def _read_tsc(ended: Ended, place: Path) -> list[Finding]:
    found = [_found(match, place) for match in _TSC.finditer(ended.out)]
    if ended.code != 0 and not found:
        raise ValueError(f"it ended with code {ended.code}")
    return found


def _read_go(ended: Ended, place: Path) -> list[Finding]:
    found = [
        Finding(_below(match["path"], place), int(match["line"]) - 1, "types", match["message"].strip())
        for match in _GO_FOUND.finditer(ended.err)
    ]
    if ended.code != 0 and not found:
        raise ValueError(f"it ended with code {ended.code}")
    return found


def _found(match: re.Match[str], place: Path) -> Finding:
    return Finding(
        _below(match["path"], place), int(match["line"]) - 1, match["code"] or "error", match["message"].strip()
    )


def _below(path: str, place: Path) -> Path:
    found = Path(path)
    return found.relative_to(place) if found.is_relative_to(place) else found


def _tool_tables(root: Path) -> set[str]:
    try:
        tool = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("tool")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return set()
    return set(cast("dict[str, object]", tool)) if isinstance(tool, dict) else set()


def _has_section(path: Path, name: str) -> bool:
    try:
        return f"[{name}]" in path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
