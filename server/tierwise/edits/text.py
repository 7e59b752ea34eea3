"""The reply is meant to be read, not applied."""

from tierwise.core.edit import Candidate
from tierwise.core.task import Task


class PlainText:
    """Reads the reply as it is."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return a candidate without edits."""
        return Candidate(text=text)


FORM = PlainText()
