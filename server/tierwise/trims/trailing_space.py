"""White space at the end of the reply."""

from tierwise.core.task import Task


def trim(text: str, task: Task) -> str:
    """Cut it: an editor shows nothing of it, and the cursor would land beyond what is seen."""
    return text.rstrip()
