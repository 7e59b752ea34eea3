"""The names that a piece of code speaks of: not a source, but what sources compare by."""

import re
from collections.abc import Iterable

from tierwise.core.task import Task

LINES = 40
"""Lines above the cursor whose names say what the user is at."""

_WORD = re.compile(r"[^\W\d]\w{2,}")
_CALL = re.compile(r"\b([^\W\d]\w{2,})\(")

_COMMON_WORDS = """
and are async await bool class const def elif else end export false for from func function import int interface let new
nil none not null pass private public return self static str string struct super that the this true type undefined var
void while with
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that say nothing about what a piece of code is about, in lower case."""


def words(text: str) -> frozenset[str]:
    """Return the names in a text."""
    return frozenset(word for word in _WORD.findall(text) if word.lower() not in _COMMON)


def near(task: Task) -> tuple[str, ...]:
    """Return the names above the cursor, the nearest first, each once.

    Of the cursor's own line only the calls that it is inside of count: the rest changes at every key, and with it the
    prompt would.
    """
    assert task.document is not None
    assert task.span is not None
    text, place = task.document.text, task.document.text.clamp(task.span.start)
    found: dict[str, None] = {}
    before = text.line(place.line)[: place.column]
    for word in reversed(_CALL.findall(before)):
        found.setdefault(word)
    for line in reversed(list(text.raw_lines(place.line - LINES, place.line))):
        for word in reversed(_WORD.findall(line)):
            found.setdefault(word)
    return tuple(word for word in found if word.lower() not in _COMMON)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of names that two pieces of code have in common (Jaccard's index), in [0, 1]."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def plain(lines: Iterable[str]) -> str:
    """Return lines with or without their ends as one text whose line ends are all ``\\n``."""
    return "".join(line.rstrip("\r\n") + "\n" for line in lines)
