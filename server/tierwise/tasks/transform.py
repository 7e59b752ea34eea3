"""Small mechanical changes that keep what the code does.

Example: select `price * count`, *Extract variable*; on an `if`, *Invert condition*; on `"a" + b`, *Use an f-string*.
"""

from tierwise.core.offer import Offer, On
from tierwise.core.task import TaskKind

from . import template

_PYTHON, _SCRIPT = ("python",), ("javascript", "javascriptreact", "typescript", "typescriptreact")

KIND = TaskKind(
    name="transform",
    title="Transform",
    belongs="fast",
    form="span",
    template=template("transform"),
    output=160,
    max_output=3_000,
    deadline=30.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses", "complete"),
    wants_instruction=True,
    offers=(
        Offer(
            title="Extract variable",
            action="refactor.extract.variable",
            on=On.SELECTION,
            instruction="Extract the expression `{selected}` into a well-named variable, right before its use.",
            otherwise="Select the expression to extract.",
        ),
        Offer(
            title="Extract function",
            action="refactor.extract.function",
            on=On.LINES,
            instruction="Extract these lines into a well-named function of their own and call it:\n{selected}",
            otherwise="Select the lines to extract.",
        ),
        Offer(
            title="Inline variable",
            action="refactor.inline",
            on=On.WORD,
            pattern=r"^\s*(?:(?:const|let|var)\s+)?\w+\s*(?::[^=]+)?(?::?=)[^=]",
            instruction="Inline the variable of the line `{line}`: put its value where it is used and drop it.",
        ),
        Offer(
            title="Invert condition",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"^\s*(?:\}\s*)?(?:if|elif|else if|while|unless|guard)\b",
            instruction="Invert the condition of the line `{line}` and swap its branches, or leave early where that "
            "reads better.",
        ),
        Offer(
            title="Use an f-string",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"""["']\s*(?:%\s*[\w(\[{"']|\.format\()|["']\s*\+\s*\w|\w\s*\+\s*["']""",
            languages=_PYTHON,
            instruction="Write the strings of the line `{line}` as f-strings.",
        ),
        Offer(
            title="Use a template literal",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"""["']\s*\+\s*[\w(]|[\w)]\s*\+\s*["']""",
            languages=_SCRIPT,
            instruction="Write the concatenated strings of the line `{line}` as template literals.",
        ),
        Offer(
            title="Convert between loop and comprehension",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"^\s*for\b.*:\s*$|[\[({].*\bfor\b.*\bin\b.*[\])}]",
            languages=_PYTHON,
            instruction="Turn the loop of the line `{line}` into a comprehension, or the comprehension into a loop.",
        ),
        Offer(
            title="Convert between function and arrow function",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"\bfunction\b|=>",
            languages=_SCRIPT,
            instruction="Turn the function of the line `{line}` into an arrow function, or the other way round.",
        ),
        Offer(
            title="Convert between if and conditional expression",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"^\s*if\b|\?.*:|\bif\b.*\belse\b",
            languages=(*_PYTHON, *_SCRIPT),
            instruction="Turn the `if` statement of the line `{line}` into a conditional expression, or the other way "
            "round.",
        ),
        Offer(
            title="Sort these lines",
            action="refactor.rewrite",
            on=On.LINES,
            instruction="Sort the entries of these lines by the order that suits them, comments moving with them:\n"
            "{selected}",
        ),
    ),
)
