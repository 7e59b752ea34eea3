"""Which suspects are real: the second stage of a scan, asked of a stronger tier with more to see."""

from typing import Any

from tierwise.core.task import TaskKind

from . import template

_TEXT: dict[str, Any] = {"type": "string"}
_WHOLE: dict[str, Any] = {"type": "integer"}


def _closed(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


_RELATED = _closed({"path": _TEXT, "quote": _TEXT, "message": _TEXT})
_VERDICT = _closed(
    {
        "suspect": _WHOLE,
        "real": {"type": "boolean"},
        "line": _WHOLE,
        "quote": _TEXT,
        "concern": _TEXT,
        "severity": {"type": "string", "enum": ["error", "warning", "information", "hint"]},
        "title": _TEXT,
        "detail": _TEXT,
        "cwe": {"type": ["integer", "null"]},
        "tag": {"type": "string", "enum": ["none", "unnecessary", "deprecated"]},
        "related": {"type": "array", "items": _RELATED},
    }
)

KIND = TaskKind(
    name="confirm_finding",
    title="Confirm what was suspected",
    belongs="mid",
    form="text",
    template=template("confirm_finding"),
    output=500,
    max_output=6_000,
    deadline=180.0,
    interactive=False,
    inward=True,
    schema=_closed({"verdicts": {"type": "array", "items": _VERDICT}}),
)
