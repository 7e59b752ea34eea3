"""A docstring for a definition."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="docstring",
    title="Generate docstring",
    belongs="fast",
    form="docstring",
    template=template("docstring"),
    output=120,
    max_output=600,
    deadline=20.0,
    trims=("fences",),
    checks=("not_empty", "parses"),
)
