"""What stands before the cursor, repeated at the start of the reply."""

from tierwise.core.task import Task


def trim(text: str, task: Task) -> str:
    """Cut the current line's text where the reply starts by repeating it."""
    if task.document is None or task.span is None:
        return text
    line = task.document.text.before(task.span.start, 500).rpartition("\n")[2]
    for echo in (line, line.lstrip()):
        # A short echo may be meant: only a repeated line with a word in it is surely one.
        if len(echo.strip()) >= 3 and text.startswith(echo):
            return text[len(echo) :]
    return text
