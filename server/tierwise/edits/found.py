"""The reply is JSON with findings, each placed by the code it quotes."""

import json
from dataclasses import dataclass
from typing import Any, cast

from tierwise.core.document import Document
from tierwise.core.edit import Candidate, TextEdit
from tierwise.core.task import Task
from tierwise.core.text import Span

from . import MalformedError
from .draft import Draft
from .fit import find
from .json_reply import parsed
from .reach import Reach

SEVERITIES = ("error", "warning", "information", "hint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem in a document; ``fix`` are edits of it, empty where none was given that could be read."""

    document: Document
    span: Span
    severity: str
    title: str
    detail: str
    fix: tuple[TextEdit, ...] = ()


class Found:
    """Keeps the findings whose code stands in a file that was shown; where none of several does, asks again."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return a candidate without edits; raises ``MalformedError``."""
        said = parsed(text)
        listed = said.get("findings")
        if not isinstance(listed, list):
            raise MalformedError("findings must be a list")
        if listed and not findings_of(text, task):
            raise MalformedError("no finding could be placed: copy the lines it is about exactly into code")
        return Candidate(text=json.dumps(said, ensure_ascii=False, indent=2))


def summary_of(text: str) -> str:
    """Return the summary of a reply that was read before."""
    return str(parsed(text).get("summary", ""))


def findings_of(text: str, task: Task) -> list[Finding]:
    """Return the findings that can be placed, in their order; raises ``MalformedError`` for what is no JSON."""
    reach = Reach(task)
    found: list[Finding] = []
    for item in cast("list[object]", parsed(text).get("findings") or []):
        if isinstance(item, dict):
            try:
                found.append(_finding(cast("dict[str, Any]", item), reach, task))
            except MalformedError:
                continue
    return found


def _finding(item: dict[str, Any], reach: Reach, task: Task) -> Finding:
    document = reach.find(str(item.get("path", "")))
    code = str(item.get("code", "")).replace("\r\n", "\n")
    severity = str(item.get("severity", "warning"))
    return Finding(
        document=document,
        span=find(document.text, code.split("\n")).span,
        severity=severity if severity in SEVERITIES else "warning",
        title=str(item.get("title", "")).strip() or "Finding",
        detail=str(item.get("detail", "")).strip(),
        fix=_fix(item, code, task),
    )


def _fix(item: dict[str, Any], code: str, task: Task) -> tuple[TextEdit, ...]:
    new = item.get("replacement")
    if not isinstance(new, str) or new == code:
        return ()
    draft = Draft(task)
    try:
        draft.replace(str(item.get("path", "")), code.split("\n"), new.replace("\r\n", "\n").split("\n") if new else [])
    except MalformedError:
        return ()
    return tuple(edit for edit in draft.candidate("").edits if isinstance(edit, TextEdit))


FORM = Found()
