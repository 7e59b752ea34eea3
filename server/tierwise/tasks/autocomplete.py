"""What comes next at the cursor."""

from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="autocomplete",
    title="Complete at the cursor",
    belongs="fast",
    form="insertion",
    template=template("autocomplete"),
    output=40,
    max_output=256,
    deadline=5.0,
    trims=("fences", "prefix_echo", "suffix_overlap", "trailing_space"),
    checks=("not_empty",),
)
