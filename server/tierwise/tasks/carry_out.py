"""One file's part of a plan for several files."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="carry_out",
    title="Carry out a plan in one file",
    belongs="mid",
    form="blocks",
    template=template("carry_out", "blocks"),
    output=500,
    max_output=8_000,
    deadline=180.0,
    checks=("changes_something", "parses", "lint_fatal", "complete"),
    inward=True,
)
