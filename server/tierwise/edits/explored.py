"""The reply is blocks, or the wish to see further files: lines ``NEED path``."""

import re

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from .blocks import FORM as BLOCKS

MOST = 8
"""Files asked for at once that are heard; a model that wants more is guessing."""

_NEED = re.compile(r"^\s*[-*]?\s*NEED\s+`?(\S+?)`?\s*$", re.MULTILINE)


class Explored:
    """A wish becomes a candidate without edits whose text has one ``NEED path`` a line; blocks win over wishes."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError``."""
        wishes = list(dict.fromkeys(_NEED.findall(text)))
        if wishes and "<<<<<<<" not in text:
            return Candidate(text="\n".join(f"NEED {path}" for path in wishes[:MOST]))
        return BLOCKS.read(text, task)


def needed(candidate: Candidate) -> tuple[str, ...]:
    """Return the paths that the candidate asks for, none where it is an answer."""
    return () if candidate.edits else tuple(_NEED.findall(candidate.text))


FORM = Explored()
