"""The reply is the text of a new file, whose path is the task's fact ``new_file``."""

from tierwise.core.edit import Candidate, CreateFile
from tierwise.core.task import Task

from . import MalformedError
from .reach import Reach


class NewFile:
    """Reads the reply as the whole file."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError`` where there is no text or no place for it."""
        if not text.strip():
            raise MalformedError("the reply holds no code")
        written = text.strip("\r\n").replace("\r\n", "\n") + "\n"
        uri = Reach(task).place(str(task.facts.get("new_file", "")))
        return Candidate(text=written, edits=(CreateFile(uri=uri, text=written),))


FORM = NewFile()
