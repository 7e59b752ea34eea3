"""Where the session takes place: functions of a real project, found without changing anything in it."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tierwise.core.text import Position, Span, Text
from tierwise.workspace import grammars, syntax
from tierwise.workspace.restraint import restrained

SHORTEST, LONGEST = 40, 700
"""Lines of a file that shows well."""
MOST_FILES = 400
"""Files looked at before the stage is taken as it is."""

REFRAIN = re.compile(r"(?:from|import|use|const|package) .{18,70}")
"""A line that a project repeats word for word: imports, as a rule."""
COMMON = 4
"""Files that must share a line before anybody would call it the project's own."""

_DEFINITION = re.compile(r"^[ \t]*(?:async def|def|(?:export )?(?:async )?function|func|(?:pub )?fn) \w+", re.MULTILINE)
_SUFFIXES = (".py", ".ts", ".js", ".go", ".rs")


class NoStageError(Exception):
    """The folder holds nothing to show; the message says what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One function in one file."""

    path: Path
    language: str
    text: Text
    definition: syntax.Definition

    @property
    def body_lines(self) -> range:
        """The numbers of the lines of its body."""
        assert self.definition.body is not None
        return range(self.definition.body.start.line, self.definition.body.end.line + 1)


def find(root: Path, wanted: int) -> list[Scene]:
    """Return functions worth showing, each in a file of its own; raises ``NoStageError``."""
    scenes: list[Scene] = []
    for path in list(_files(root))[:MOST_FILES]:
        scene = _scene(path)
        if scene is not None:
            scenes.append(scene)
            if len(scenes) == wanted:
                return scenes
    raise NoStageError(
        f"{root} holds too few functions to show a session in: give the folder of a Python, TypeScript, JavaScript, Go "
        "or Rust project, `tierwise demo PATH`."
    )


def refrain(root: Path) -> str:
    """Return the line that most of the project's files have in common; empty where they share none."""
    counts: Counter[str] = Counter()
    for path in list(_files(root))[:MOST_FILES]:
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        counts.update({line for line in lines if REFRAIN.fullmatch(line)})
    line, times = counts.most_common(1)[0] if counts else ("", 0)
    return line if times >= COMMON else ""


def default_root() -> Path:
    """Return the folder the command was started in, if it is a project, else our own source."""
    here = Path.cwd()
    own = Path(__file__).parent.parent
    return here if (here / ".git").exists() and any(_files(here)) else own


def _files(root: Path) -> Iterator[Path]:
    """Yield source files, by git where there is git, so that nothing ignored is opened."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            env={**os.environ, **restrained(root)},
            capture_output=True,
            check=True,
            timeout=10,
        ).stdout.decode(errors="replace")
        names = [root / name for name in listed.split("\0") if name]
    except (OSError, subprocess.SubprocessError):
        names = sorted(root.rglob("*"))
    for path in names:
        if path.suffix in _SUFFIXES and "test" not in path.name and path.is_file():
            yield path


def _scene(path: Path) -> Scene | None:
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    text, language = Text.of(source), grammars.language_of(path.name)
    if not SHORTEST <= text.line_count <= LONGEST or not source.isascii():
        return None
    for match in _DEFINITION.finditer(source):
        found = syntax.definition_at(source, text.position(match.end()), language)
        if found is not None and _shows_well(found, text):
            return Scene(path=path, language=language, text=text, definition=found)
    return None


def _shows_well(definition: syntax.Definition, text: Text) -> bool:
    if definition.body is None or definition.doc is None:
        return False
    lines = definition.body.end.line - definition.body.start.line
    last = text.line(definition.body.end.line).strip()
    return 5 <= lines <= 20 and last.startswith("return ") and len(last) > 12


def whole_lines(first: int, stop: int) -> Span:
    """Return the span of the lines ``first`` up to ``stop``."""
    return Span(Position(first, 0), Position(stop, 0))
