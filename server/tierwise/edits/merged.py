"""The reply is what replaces a merge conflict."""

import re

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .insertion import replacing

_MARKER = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: |$)", re.MULTILINE)


class Merged:
    """Reads the reply as the conflict's resolution; both sides may have wanted nothing, so it may be empty."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError`` where markers are left in it."""
        if task.document is None or task.span is None:
            raise MalformedError("there is no conflict to resolve")
        if _MARKER.search(text):
            raise MalformedError("the reply still holds conflict markers: write the lines that replace the conflict")
        merged = text.strip("\r\n")
        return Candidate(text=merged, edits=(replacing(merged, task),))


FORM = Merged()
