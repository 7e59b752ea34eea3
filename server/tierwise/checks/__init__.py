"""Is the candidate good enough: each file is one check, named in a task kind by its file name.

What several checks stand on is in ``ground/``.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from tierwise.core.edit import Candidate
from tierwise.core.outcome import Attempt, Verdict
from tierwise.core.task import Task
from tierwise.core.text import Text
from tierwise.workspace import grammars

from .ground.site import NOWHERE, Allowed, Site

__all__ = ["NOWHERE", "STRONG", "Allowed", "Ask", "Check", "Site", "Trial", "load", "passed", "skipped"]

STRONG = frozenset({"types", "tests", "builds"})
"""Checks whose word is evidence that the code works; where one of them judged, no model is asked for its opinion."""

Ask = Callable[[str], Awaitable[Attempt | None]]
"""Put a question to the judge; returns its attempt, or None where there is no model or no time to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A candidate on an in-memory copy: ``after`` holds the new text of each file its edits touch, by URI.

    ``site`` says where this is and what is allowed there; ``verdicts`` are those of the checks before this one; ``ask``
    reaches a model that judges, and is None where nobody would act on its word.
    """

    task: Task
    candidate: Candidate
    before: Mapping[str, Text]
    after: Mapping[str, Text]
    site: Site = NOWHERE
    verdicts: tuple[Verdict, ...] = ()
    ask: Ask | None = None

    def language(self, uri: str) -> str:
        """Return a file's language: the editor's word, else what its name says."""
        for document in (self.task.document, *self.task.files):
            if document is not None and document.uri == uri:
                return document.language
        return grammars.language_of(uri)


class Check(Protocol):
    """Judges one candidate; says so when there is nothing it can judge by."""

    async def check(self, trial: Trial) -> Verdict:
        """Return the verdict; a check that cannot run is ``skipped`` with the reason why it could not."""
        ...


def load(name: str) -> Check:
    """Return the check that the file ``name`` holds."""
    check: Check = import_module(f".{name}", __name__).CHECK
    return check


def passed(check: str, reason: str = "") -> Verdict:
    """Return the verdict of a check that found nothing wrong."""
    return Verdict(check=check, passed=True, score=1.0, reason=reason)


def skipped(check: str, reason: str) -> Verdict:
    """Return the verdict of a check that could not judge; the reason must quote no code, because it is kept."""
    return Verdict(check=check, passed=True, score=1.0, reason=reason, hard=False, skipped=True)
