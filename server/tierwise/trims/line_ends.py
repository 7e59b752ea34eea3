"""Line ends that are not ``\\n``."""

from tierwise.core.task import Task


def trim(text: str, task: Task) -> str:
    """Write every line end as ``\\n``; the form writes the document's own when it makes the edit."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def waits(text: str, task: Task) -> bool:
    """Whether the text so far may have been cut in the middle of a line end."""
    return text.endswith("\r")
