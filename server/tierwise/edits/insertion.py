"""The reply is the text to put at the cursor."""

from tierwise.core.edit import Candidate, TextEdit
from tierwise.core.task import Task

from . import MalformedError


class Insertion:
    """Reads the whole reply as what replaces the task's span."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; an empty text has no edit."""
        if task.document is None or task.span is None:
            raise MalformedError("there is no place to insert at")
        if not text:
            return Candidate(text="")
        return Candidate(text=text, edits=(replacing(text, task),))


def replacing(text: str, task: Task) -> TextEdit:
    """Return the edit that puts ``text`` in place of the task's span, in the line ends of its document."""
    assert task.document is not None
    assert task.span is not None
    if "\r\n" in task.document.text.raw_line(0):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return TextEdit(uri=task.document.uri, version=task.document.version, span=task.span, new_text=text)


FORM = Insertion()
