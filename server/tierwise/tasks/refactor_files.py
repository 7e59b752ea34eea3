"""A refactoring over several files: this kind makes the plan, ``carry_out`` types it file by file.

Example: `tierwise.refactor_files` with `"move prices to a package of their own"` shows one edit of all files to
confirm; `tierwise.undo` takes it back.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind

from . import BUDGET, Ground, template
from .survey import explored

_TEXT: dict[str, object] = {"type": "string"}

KIND = TaskKind(
    name="refactor_files",
    title="Refactor across files",
    belongs="frontier",
    form="plan",
    template=template("refactor_files"),
    output=800,
    max_output=6_000,
    deadline=300.0,
    checks=("not_empty",),
    schema={
        "type": "object",
        "properties": {
            "need": {"type": "array", "items": _TEXT},
            "plan": _TEXT,
            "changes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"path": _TEXT, "what": _TEXT},
                    "required": ["path", "what"],
                    "additionalProperties": False,
                },
            },
            "rename": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"old": _TEXT, "new": _TEXT},
                    "required": ["old", "new"],
                    "additionalProperties": False,
                },
            },
            "delete": {"type": "array", "items": _TEXT},
        },
        "required": ["need", "plan", "changes", "rename", "delete"],
        "additionalProperties": False,
    },
    wants_instruction=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Show the files that matter for the instruction, and the map of all others."""
    found = await explored(task, ground, BUDGET["frontier"] - 2_000)
    return replace(found, facts={**found.facts, "rounds": int(ground.arguments.get("round", "0"))})
