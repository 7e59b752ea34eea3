"""White space at the end of the reply."""

from tierwise.core.task import Task
from tierwise.workspace.brackets import PARTNERS
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
    if place is None or "\n" not in kept or place.after[:1] not in (")", "]", "}"):
        return kept
    # Who writes a row of its own behind an opening bracket writes one before the closing bracket too.
    opened = kept.startswith("\n") and PARTNERS[place.after[0]] == place.before.rstrip()[-1:]
    opened = opened and not place.brackets(kept).closers
    return f"{kept}\n{lead(place.before)}" if opened or "\n" in text[len(kept) :] else kept


def _begins_code(after: str) -> bool:
    return bool(after.strip()) and not after[0].isspace() and after[0] not in ")]},;:."
