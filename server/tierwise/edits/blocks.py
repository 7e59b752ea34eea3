"""The reply is search and replace blocks, each under the path of its file; files can be made, renamed and deleted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .draft import Draft

_OPEN = re.compile(r"^<{5,9} ?SEARCH\b")
_DIVIDE = re.compile(r"^={5,9}\s*$")
_CLOSE = re.compile(r"^>{5,9} ?REPLACE\b")
_FENCE = re.compile(r"^\s*(```|~~~)")
_DELETE = re.compile(r"^DELETE (?P<path>\S.*)$")
_RENAME = re.compile(r"^RENAME (?P<old>\S.*?) -> (?P<new>\S.*)$")
_PATH = re.compile(r"^[/\\]?[\w.@()\[\]~+-]+(?:[/\\][\w.@()\[\] ~+-]+)*$")
_DECORATION = "`*#: \t"


@dataclass(slots=True)
class _Block:
    path: str
    search: list[str] = field(default_factory=list[str])
    new: list[str] | None = None


class Blocks:
    """Reads the blocks strictly; prose, headings and fences around them are left out."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError``."""
        draft = Draft(task)
        count = 0
        for count, step in enumerate(_steps(text), 1):
            try:
                _take(draft, step)
            except MalformedError as error:
                raise MalformedError(f"block {count}: {error}") from None
        if not count:
            raise MalformedError(
                "the reply holds no change: write each as <<<<<<< SEARCH, the lines to replace, =======, the new "
                "lines, >>>>>>> REPLACE"
            )
        return draft.candidate(text)


def preface(text: str) -> str:
    """Return what a reply says before its first change."""
    said: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if _OPEN.match(line) or _DELETE.match(line) or _RENAME.match(line):
            break
        if not _FENCE.match(line) and not _named(line):
            said.append(line)
    return "\n".join(said).strip()


def _take(draft: Draft, step: "_Block | re.Match[str]") -> None:
    if isinstance(step, _Block):
        assert step.new is not None
        draft.replace(step.path, step.search, step.new)
    elif step.re is _DELETE:
        draft.delete(_cleaned(step["path"]))
    else:
        draft.rename(_cleaned(step["old"]), _cleaned(step["new"]))


def _steps(text: str) -> "Iterator[_Block | re.Match[str]]":
    """Yield blocks and file operations in their order."""
    path, number = "", 0
    block: _Block | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        if block is None:
            if _OPEN.match(line):
                number += 1
                block = _Block(path)
            elif step := _DELETE.match(line) or _RENAME.match(line):
                number += 1
                yield step
            else:
                path = _named(line) or path
        elif _OPEN.match(line):
            raise MalformedError(f"block {number} is not closed before the next one begins")
        elif block.new is None and _DIVIDE.match(line):
            block.new = []
        elif block.new is not None and _CLOSE.match(line):
            yield block
            block = None
        elif block.new is None and _CLOSE.match(line):
            raise MalformedError(f"block {number} has no line ======= between the old and the new text")
        else:
            (block.search if block.new is None else block.new).append(line)
    if block is not None:
        raise MalformedError(f"block {number} has no line >>>>>>> REPLACE: the reply ends inside of it")


def _named(line: str) -> str:
    """Return the path that a line between blocks names, or an empty string for prose and fences."""
    if _FENCE.match(line):
        return ""
    path = _cleaned(line)
    is_path = _PATH.match(path) and ("." in path or "/" in path or path in {"Makefile", "Dockerfile"})
    return path if is_path and not path.endswith(".") else ""


def _cleaned(path: str) -> str:
    path = path.strip(_DECORATION)
    return re.sub(r"^(?:file|path)\s*[:=]?\s+`?", "", path, flags=re.IGNORECASE).strip(_DECORATION).replace("\\", "/")


FORM = Blocks()
