"""The reply is a unified diff; its line numbers are taken as hints only, because models count badly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .draft import Draft

_OLD = re.compile(r"^--- (?P<path>\S.*?)(?:\t.*)?$")
_NEW = re.compile(r"^\+\+\+ (?P<path>\S.*?)(?:\t.*)?$")
_HUNK = re.compile(r"^@@(?: -(?P<line>\d+)(?:,(?P<count>\d+))? \+\d+(?:,\d+)? @@.*|\s.*|)$")
_RENAME_FROM, _RENAME_TO = re.compile(r"^rename from (\S.*)$"), re.compile(r"^rename to (\S.*)$")
_NOWHERE = "/dev/null"


@dataclass(slots=True)
class _Hunk:
    line: int | None
    old: list[str] = field(default_factory=list[str])
    new: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _File:
    old: str
    new: str = ""
    hunks: list[_Hunk] = field(default_factory=list[_Hunk])


class UnifiedDiff:
    """Reads the hunks of every file; prose before the first file and fences are left out."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError``."""
        draft = Draft(task)
        files = list(_files(text))
        if not files:
            raise MalformedError(
                "the reply holds no diff: write --- and +++ lines with the path, then @@ and the hunks"
            )
        for file in files:
            name = file.new if file.old == _NOWHERE else file.old
            try:
                _take(draft, file)
            except MalformedError as error:
                raise MalformedError(f"{name}: {error}") from None
        return draft.candidate(text)


def _take(draft: Draft, file: _File) -> None:
    if file.old == _NOWHERE:
        draft.create(file.new, [line for hunk in file.hunks for line in hunk.new])
        return
    if file.new == _NOWHERE:
        draft.delete(file.old)
        return
    if not file.hunks and file.new == file.old:
        raise MalformedError("there is no hunk below its name")
    grown = 0
    for hunk in file.hunks:
        hint = None if hunk.line is None else hunk.line - 1 + grown
        if hunk.old:
            draft.replace(file.old, hunk.old, hunk.new, hint)
        elif hint is not None:
            draft.insert(file.old, hint + 1, hunk.new)  # "-n,0" names the line before the place
        else:
            raise MalformedError("a hunk that only adds lines needs some unchanged lines around them")
        grown += len(hunk.new) - len(hunk.old)
    if file.new and file.new != file.old:
        draft.rename(file.old, file.new)


def _files(text: str) -> Iterator[_File]:
    """Yield the files with their hunks; the parts of ``git diff`` that say nothing new are skipped."""
    file: _File | None = None
    renamed = ""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if (old := _OLD.match(line)) and _NEW.match(following):
            if file is not None:
                yield file
            file = _File(_path(old["path"]))
        elif file is not None and not file.new and (new := _NEW.match(line)):
            file.new = _path(new["path"])
        elif match := _RENAME_FROM.match(line):
            renamed = match[1]
        elif (match := _RENAME_TO.match(line)) and renamed:
            yield _File(renamed, match[1])
        elif file is not None and (hunk := _HUNK.match(line)):
            file.hunks.append(_Hunk(int(hunk["line"]) if hunk["line"] else None))
        elif file is not None and line.startswith("```"):
            yield file
            file = None
        elif file is not None and file.hunks and not line.startswith(("diff ", "index ", "\\ ")):
            _add(file.hunks[-1], line)
    if file is not None:
        yield file


def _add(hunk: _Hunk, line: str) -> None:
    sign, rest = line[:1], line[1:]
    if sign == "+":
        hunk.new.append(rest)
    elif sign == "-":
        hunk.old.append(rest)
    elif sign in ("", " "):
        hunk.old.append(rest)
        hunk.new.append(rest)


def _path(written: str) -> str:
    written = written.strip().strip('`"')
    return written if written == _NOWHERE else re.sub(r"^[ab]/", "", written)


FORM = UnifiedDiff()
