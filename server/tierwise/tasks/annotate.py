"""Type annotations for code that lacks them.

Example: the cursor on `def net(gross, rate):`, *Add type annotations* makes it `def net(gross: int, rate: int) ->
int:`, checked by the type checker.
"""

from tierwise.core.offer import Offer, On
from tierwise.core.task import TaskKind

from . import template

_PYTHON_BARE = r"^\s*(?:async\s+)?def\s+\w+\((?!\s*(?:self|cls)?\s*\)\s*->)(?!.*->)"
_SCRIPT_BARE = r"\bfunction\s+\w*\s*\([^):]*\)\s*\{|\([^):]*\)\s*=>"

KIND = TaskKind(
    name="annotate",
    title="Add type annotations",
    belongs="mid",
    form="span",
    template=template("annotate"),
    output=300,
    max_output=4_000,
    deadline=60.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses", "lint_fatal", "complete", "types"),
    offers=(
        Offer(
            title="Add type annotations",
            action="refactor.rewrite",
            on=On.INSIDE,
            pattern=_PYTHON_BARE,
            languages=("python",),
        ),
        Offer(
            title="Add type annotations",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=_SCRIPT_BARE,
            languages=("typescript", "typescriptreact"),
        ),
    ),
)
