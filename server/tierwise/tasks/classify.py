"""Which of some classes a text belongs to: a bug report or a feature request, or classes of the caller's own.

Example: `tierwise run classify -i "It crashes on start."` prints `{"class": "bug report", ...}`; `--set
classes="urgent, later"` sorts into classes of your own.
"""

from dataclasses import replace

from tierwise.core.task import Task, TaskKind

from . import Ground, template

KIND = TaskKind(
    name="classify",
    title="Classify a text",
    belongs="fast",
    form="json_reply",
    template=template("classify"),
    output=30,
    max_output=200,
    deadline=10.0,
    schema={
        "type": "object",
        "properties": {"class": {"type": "string"}, "confidence": {"type": "number"}, "reason": {"type": "string"}},
        "required": ["class", "confidence", "reason"],
        "additionalProperties": False,
    },
    gives="text",
    wants_instruction=True,
)

CLASSES = "bug report, feature request, question, task, other"


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the classes from the argument ``classes``, a list with commas."""
    return replace(task, material={"classes": ground.arguments.get("classes", "").strip() or CLASSES})
