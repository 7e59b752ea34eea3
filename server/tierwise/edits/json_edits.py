"""The reply is a JSON object that lists changes of files: for models that keep to a schema better than to blocks."""

from typing import Any, cast

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .draft import Draft
from .json_reply import parsed

_TEXT: dict[str, object] = {"type": "string"}


def _objects(**fields: dict[str, object]) -> dict[str, object]:
    item = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {"type": "array", "items": item}


SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "edits": _objects(path=_TEXT, search=_TEXT, replace=_TEXT),
        "create": _objects(path=_TEXT, text=_TEXT),
        "rename": _objects(old=_TEXT, new=_TEXT),
        "delete": {"type": "array", "items": _TEXT},
    },
    "required": ["edits", "create", "rename", "delete"],
    "additionalProperties": False,
}
"""What the object looks like; closed, so that vendors can enforce it."""


class JsonEdits:
    """Reads the object; fields that are missing are taken as empty."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError``."""
        said = parsed(text)
        draft = Draft(task)
        for number, change in enumerate(_items(said, "edits"), 1):
            try:
                draft.replace(
                    _field(change, "path"), _lines(_field(change, "search")), _lines(_field(change, "replace"))
                )
            except MalformedError as error:
                raise MalformedError(f"edit {number}: {error}") from None
        for change in _items(said, "create"):
            draft.create(_field(change, "path"), _lines(_field(change, "text")))
        for change in _items(said, "rename"):
            draft.rename(_field(change, "old"), _field(change, "new"))
        for path in _items(said, "delete"):
            draft.delete(str(path))
        candidate = draft.candidate(text)
        if not candidate.edits:
            raise MalformedError("the reply changes nothing")
        return candidate


def _items(said: dict[str, Any], name: str) -> list[Any]:
    found: object = said.get(name) or []
    if not isinstance(found, list):
        raise MalformedError(f"{name} must be a list")
    return cast("list[Any]", found)


def _field(change: object, name: str) -> str:
    value = cast("dict[str, Any]", change).get(name) if isinstance(change, dict) else None
    if not isinstance(value, str):
        raise MalformedError(f"{name} is missing or no text")
    return value


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []


FORM = JsonEdits()
