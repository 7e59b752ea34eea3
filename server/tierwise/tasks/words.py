"""Which identifiers may come next: single words for the completion list of editors without ghost text."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="words",
    title="Words that may come next",
    belongs="local",
    form="text",
    template=template("words"),
    output=20,
    max_output=60,
    deadline=1.0,
    trims=("trailing_space",),
    checks=("not_empty",),
    gives="text",
    offline=True,
)
