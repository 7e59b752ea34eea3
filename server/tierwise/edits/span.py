"""The reply is the whole new text of the task's span."""

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .insertion import replacing


class WholeSpan:
    """Reads the reply as the span's new text and gives it the span's own indentation and final line end."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError`` where the reply is empty."""
        if task.document is None or task.span is None:
            raise MalformedError("there is no code to replace")
        if not text.strip():
            raise MalformedError("the reply holds no code")
        old = task.document.text.slice(task.span)
        new = _indented_like(old, text.strip("\r\n"))
        if old.endswith("\n"):
            new += "\n"
        return Candidate(text=new, edits=(replacing(new, task),))


def _indented_like(old: str, new: str) -> str:
    """Shift the new text where the model took the common indentation away; otherwise leave it as it is."""
    wanted, got = _indent(old), _indent(new)
    if not wanted.startswith(got) or wanted == got:
        return new
    missing = wanted[len(got) :]
    return "".join(missing + line if line.strip() else line for line in new.splitlines(keepends=True))


def _indent(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first[: len(first) - len(first.lstrip())]


FORM = WholeSpan()
