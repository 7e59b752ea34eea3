"""Reply to edits: each file is one form a model may answer in, named in a task kind by its file name."""

from importlib import import_module
from typing import Protocol

from tierwise.core.edit import Candidate
from tierwise.core.task import Task


class MalformedError(Exception):
    """The reply does not follow its form; the message says how, in words that a model can act on."""


class Form(Protocol):
    """Reads one form of reply."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate the text stands for; raises ``MalformedError``."""
        ...


def load(name: str) -> Form:
    """Return the form that the file ``name`` holds."""
    form: Form = import_module(f".{name}", __name__).FORM
    return form
