"""A conversation from a kind's template.

A template is Markdown in two parts divided by a line ``===``: what stays the same for every request of the kind (the
system prompt, so that prompt caches hit), and the request. ``{{name}}`` stands for a value of the table in ``_values``;
a line that holds nothing but a value disappears where the value is empty.
"""

import re

from tierwise.core.prompt import Chat, Limits, Message
from tierwise.core.task import Task, TaskKind

from .budget import Budget
from .extent import wanted
from .window import context, path, window

DIVIDER = "\n===\n"
HOLE = "<CURSOR>"
"""What templates of insertions mark the place with; in the user's own text it is broken up."""

LINE = 200
"""Characters of the current line that are said again at the end: more than any line that people write."""

ORDINARY = frozenset(
    {
        *("language", "path", "instruction", "before", "line", "selection", "after", "wanted"),
        *("diagnostics", "rejections"),
    }
)
"""Values that every task has, if empty ones; the others are facts and material of some kinds."""

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_LONE_SLOT = re.compile(r"^\{\{(\w+)\}\}\n", re.MULTILINE)


class TemplateError(ValueError):
    """A template names a value that does not exist."""


def build(task: Task, kind: TaskKind, limits: Limits, room: Budget, rejections: tuple[str, ...] = ()) -> Chat:
    """Fill the kind's template; raises ``TemplateError``."""
    system, _, request = kind.template.partition(DIVIDER)
    values = _values(task, room, rejections)
    return Chat(
        system=fill(system.strip(), values),
        messages=(Message(role="user", text=fill(request.strip() + "\n", values).strip()),),
        limits=limits,
        stable=context(task, room),
        schema=kind.schema,
    )


def fill(template: str, values: dict[str, str]) -> str:
    """Put the values in their places; raises ``TemplateError`` for a name that is not among them."""

    def lone(match: re.Match[str]) -> str:
        value = _value(match[1], values)
        return value.rstrip("\n") + "\n" if value else ""

    return _SLOT.sub(lambda match: _value(match[1], values), _LONE_SLOT.sub(lone, template))


def described(template: str) -> str:
    """Return the template without the values that only a real task has: for one that is merely described."""
    return _SLOT.sub(lambda match: match[0] if match[1] in ORDINARY else "", template)


def _value(name: str, values: dict[str, str]) -> str:
    if name not in values:
        raise TemplateError(f"a template names {{{{{name}}}}}; there are: {', '.join(sorted(values))}")
    return values[name]


def _values(task: Task, room: Budget, rejections: tuple[str, ...]) -> dict[str, str]:
    shown = window(task, room)
    return {
        "language": task.language or "plain text",
        "path": path(task),
        "instruction": task.instruction,
        "before": _unmarked(shown.before),
        "line": _unmarked(shown.before).rpartition("\n")[2][-LINE:],
        "selection": shown.selection,
        "after": _unmarked(shown.after),
        "wanted": wanted(task),
        "diagnostics": "\n".join(
            f"- line {item.span.start.line + 1}: {item.message}" + (f" [{item.source}]" if item.source else "")
            for item in task.diagnostics
        ),
        "rejections": _told(rejections),
        **{f"fact_{name}": str(value) for name, value in task.facts.items()},
        **task.material,
    }


def _unmarked(text: str) -> str:
    return text.replace(HOLE, "< CURSOR>") if HOLE in text else text


def _told(rejections: tuple[str, ...]) -> str:
    if not rejections:
        return ""
    reasons = "\n".join(f"- {reason}" for reason in rejections)
    return f"An earlier answer was rejected. Do not repeat its mistake:\n{reasons}\n"
