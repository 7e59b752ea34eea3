"""The reply is a plan for several files, in JSON, or the wish to see further files."""

import json
from dataclasses import dataclass
from typing import Any, cast

from tierwise.core.edit import Candidate, DeleteFile, Edit, RenameFile
from tierwise.core.task import Task

from . import MalformedError
from .explored import MOST
from .json_reply import parsed
from .reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file's part: what to do in it; ``uri`` of a new file is where it will be."""

    path: str
    uri: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do, file by file; ``moves`` are renames and deletions, which nobody has to type."""

    plan: str
    steps: tuple[Step, ...]
    moves: tuple[Edit, ...]


class PlanForm:
    """Reads the plan strictly: every path must be a file that was shown or a place where a new one may be."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return a candidate whose text is the plan or the wishes; raises ``MalformedError``."""
        said = parsed(text)
        wishes = [path for path in _list(said, "need") if isinstance(path, str)]
        if wishes:
            return Candidate(text="\n".join(f"NEED {path}" for path in wishes[:MOST]))
        plan_of(said, task)
        return Candidate(text=json.dumps(said, ensure_ascii=False, indent=2))


def plan_of(said: dict[str, Any], task: Task) -> Plan:
    """Return the plan with its paths resolved; raises ``MalformedError``."""
    reach = Reach(task)
    steps = [_step(change, reach) for change in _list(said, "changes")]
    renames = [
        RenameFile(old_uri=reach.find(_text(item, "old")).uri, new_uri=reach.place(_text(item, "new")))
        for item in _list(said, "rename")
    ]
    deletions = [DeleteFile(uri=reach.find(str(path)).uri) for path in _list(said, "delete")]
    if not steps and not renames and not deletions:
        raise MalformedError("the plan changes no file")
    if len({step.uri for step in steps}) < len(steps):
        raise MalformedError("a file stands twice among the changes: put all that is to be done in it into one")
    return Plan(plan=str(said.get("plan", "")), steps=tuple(steps), moves=(*renames, *deletions))


def _step(change: object, reach: Reach) -> Step:
    path = _text(change, "path")
    try:
        uri = reach.find(path).uri
    except MalformedError as unknown:
        try:
            uri = reach.place(path)
        except MalformedError as error:
            raise (unknown if "exists already" in str(error) else error) from None
    return Step(path=path, uri=uri, what=_text(change, "what"))


def _list(said: dict[str, Any], name: str) -> list[Any]:
    found: object = said.get(name) or []
    if not isinstance(found, list):
        raise MalformedError(f"{name} must be a list")
    return cast("list[Any]", found)


def _text(item: object, name: str) -> str:
    value = cast("dict[str, Any]", item).get(name) if isinstance(item, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise MalformedError(f"{name} is missing or no text")
    return value


FORM = PlanForm()
