"""What is this symbol: the model's part of a hover."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="explain",
    title="Explain this symbol",
    belongs="fast",
    form="text",
    template=template("explain"),
    output=90,
    max_output=300,
    deadline=6.0,
    trims=("trailing_space",),
    checks=("not_empty",),
)
