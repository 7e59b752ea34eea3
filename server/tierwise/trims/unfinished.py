"""The row at which the token limit cut the reply."""

import re

from tierwise.core.task import Task

_PART_OF_A_WORD = re.compile(r"\w+\Z")


def trim(text: str, task: Task) -> str:
    """Leave out the last row, or of a single row the last word, where the fact ``cut`` says that the reply was cut."""
    if not task.facts.get("cut"):
        return text
    whole, found, _ = text.rpartition("\n")
    return whole if found and whole.strip() else _PART_OF_A_WORD.sub("", text)
