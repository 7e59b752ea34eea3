"""A fix for what diagnostics report."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="fix",
    title="Fix this problem",
    belongs="mid",
    form="span",
    template=template("fix"),
    output=400,
    max_output=4_000,
    deadline=60.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses"),
)
