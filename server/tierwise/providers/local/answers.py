"""What the workspace can answer without any model, by kind of task; None where it is not sure or knows nothing."""

from collections.abc import Callable

from tierwise.core.prompt import Fim
from tierwise.core.text import Position
from tierwise.workspace.corpus import path_of
from tierwise.workspace.docstring import skeleton
from tierwise.workspace.hover import describe
from tierwise.workspace.usage import Usage

Answer = Callable[[Fim, Usage | None], str | None]


def document(prompt: Fim, usage: Usage | None) -> str | None:
    """Return a skeleton of the documentation that the definition at the place lacks, as far as its signature tells."""
    if prompt.document is None or prompt.place is None:
        return None
    line = prompt.document.text.line(prompt.place.line)
    inside = Position(prompt.place.line, max(prompt.place.column, len(line) - len(line.lstrip())))
    made = skeleton(str(prompt.document.text), inside, prompt.language)
    return made.text if made else None


def explain(prompt: Fim, usage: Usage | None) -> str | None:
    """Return signature, documentation, place and users of the name at the place."""
    if prompt.document is None or not prompt.selection or usage is None:
        return None
    return describe(usage, prompt.selection, path_of(prompt.document.uri), prompt.root) or None


ANSWERS: dict[str, Answer] = {"docstring": document, "explain": explain}
"""By the kind of task; completions are the predictor's."""
