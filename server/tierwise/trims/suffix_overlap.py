"""What stands after the cursor, repeated at the end of the reply."""

from tierwise.core.task import Task


def trim(text: str, task: Task) -> str:
    """Cut the longest end of the reply that the document already has after the cursor."""
    if task.document is None or task.span is None or not text:
        return text
    after = task.document.text.after(task.span.end, max(len(text), 1) + 2).replace("\r\n", "\n")
    for size in range(min(len(text), len(after)), 0, -1):
        if text.endswith(after[:size]) and after[:size].strip():
            return text[:-size]
    following = after.lstrip("\n")
    for size in range(min(len(text), len(following)), 2, -1):
        if text.endswith(following[:size]) and "\n" in text[-size - 1 :]:
            return text[:-size].rstrip()
    return text
