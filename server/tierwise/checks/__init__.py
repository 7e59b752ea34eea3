"""Is the candidate good enough: each file is one check, named in a task kind by its file name."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from tierwise.core.edit import Candidate
from tierwise.core.outcome import Verdict
from tierwise.core.task import Task
from tierwise.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A candidate on an in-memory copy: ``after`` holds the new text of each file its edits touch, by URI."""

    task: Task
    candidate: Candidate
    before: Mapping[str, Text]
    after: Mapping[str, Text]


class Check(Protocol):
    """Judges one candidate; says so when there is nothing it can judge by."""

    async def check(self, trial: Trial) -> Verdict:
        """Return the verdict; a check that cannot run passes with the reason why it could not."""
        ...


def load(name: str) -> Check:
    """Return the check that the file ``name`` holds."""
    check: Check = import_module(f".{name}", __name__).CHECK
    return check
