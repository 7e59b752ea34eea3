"""How good is this answer: our own question to a fast model, where nothing harder can judge."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="judge",
    title="Judge an answer",
    belongs="fast",
    form="text",
    template=template("judge"),
    output=40,
    max_output=160,
    deadline=8.0,
    interactive=True,
    inward=True,
    schema={
        "type": "object",
        "properties": {
            "score": {"type": "number", "description": "0 to 1"},
            "reason": {"type": "string", "description": "The worst fault in one short sentence, or empty."},
        },
        "required": ["score", "reason"],
        "additionalProperties": False,
    },
)
