"""White space at the end of the reply."""

from tierwise.core.task import Task
from tierwise.workspace.indentation import lead

from .hole import hole


def trim(text: str, task: Task) -> str:
    """Cut it: an editor shows nothing of it, and the cursor would land beyond what is seen.

    Only where a closing bracket follows a reply of several rows, the bracket goes to a row of its own again; and what
    keeps the reply apart from the code behind it on its line stays.
    """
    kept = text.rstrip()
    place = hole(task)
    if place is not None and kept and "\n" not in text and _begins_code(place.after):
        return text
    if place is None or "\n" not in kept or "\n" not in text[len(kept) :] or place.after[:1] not in (")", "]", "}"):
        return kept
    return f"{kept}\n{lead(place.before)}"


def _begins_code(after: str) -> bool:
    return bool(after.strip()) and not after[0].isspace() and after[0] not in ")]},;:."
