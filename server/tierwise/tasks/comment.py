"""Comments that say why, for code that does not tell by itself.

Example: select a loop over bit masks, *Explain in comments* says which bits they are; the code stays as it is.
"""

from tierwise.core.offer import Offer, On
from tierwise.core.task import TaskKind

from . import template

KIND = TaskKind(
    name="comment",
    title="Explain in comments",
    belongs="fast",
    form="span",
    template=template("comment"),
    output=180,
    max_output=3_000,
    deadline=30.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses", "same_code"),
    offers=(Offer(title="Explain in comments", action="refactor.rewrite", on=On.LINES),),
)
