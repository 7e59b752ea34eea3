"""How hard is this, and what kind of task is it: our own question to a fast model, before a free-form instruction."""

from tierwise.core.task import TaskKind

from . import load, names, template

NEEDS = ("simple", "normal", "hard")


def _menu() -> str:
    """Return the kinds an instruction may turn out to be, one in a line."""
    kinds = (load(name) for name in names() if name != "triage")
    return "\n".join(f"- {kind.name}: {kind.title}" for kind in kinds if not kind.inward)


KIND = TaskKind(
    name="triage",
    title="See how hard a task is",
    belongs="fast",
    form="text",
    template=template("triage").replace("<<kinds>>", _menu()),
    output=25,
    max_output=80,
    deadline=6.0,
    interactive=True,
    inward=True,
    schema={
        "type": "object",
        "properties": {
            "need": {"type": "string", "enum": list(NEEDS)},
            "kind": {"type": "string", "description": "a name from the list, or other"},
        },
        "required": ["need", "kind"],
        "additionalProperties": False,
    },
)
