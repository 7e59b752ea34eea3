"""Which places in some units deserve a second look: the cheap first stage of a scan."""

from tierwise.core.task import TaskKind

from . import template

_TEXT: dict[str, object] = {"type": "string"}

KIND = TaskKind(
    name="triage_unit",
    title="Look for suspects",
    belongs="fast",
    form="text",
    template=template("triage_unit"),
    output=120,
    max_output=2_000,
    deadline=60.0,
    interactive=False,
    inward=True,
    schema={
        "type": "object",
        "properties": {
            "suspects": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "line": {"type": "integer"},
                        "quote": _TEXT,
                        "concern": _TEXT,
                        "severity": {"type": "string", "enum": ["error", "warning", "information", "hint"]},
                        "title": _TEXT,
                        "why": _TEXT,
                    },
                    "required": ["line", "quote", "concern", "severity", "title", "why"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["suspects"],
        "additionalProperties": False,
    },
)
"""Prose is not climbed away from: a dearer first stage costs more than a unit that is looked at in the next run."""
