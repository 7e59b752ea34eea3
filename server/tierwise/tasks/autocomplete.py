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
    max_output=512,
    deadline=5.0,
    trims=(
        "line_ends",
        "special_tokens",
        "fences",
        "chatter",
        "prefix_echo",
        "unfinished",
        "indentation",
        "repetition",
        "scope",
        "suffix_overlap",
        "trailing_space",
    ),
    checks=("not_empty",),
)
