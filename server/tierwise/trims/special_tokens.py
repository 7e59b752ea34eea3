"""Tokens and thoughts that were never meant to be read."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import cast

from tierwise.core.task import Task

from .hole import hole

CURSOR = "<CURSOR>"
"""The mark our own prompt puts into the hole; models that copy the lines around it copy it too."""

_LONGEST = 40
"""Characters of the longest token."""


def trim(text: str, task: Task) -> str:
    """Leave out thoughts, tokens at the start and our own mark; cut at the first token after the start."""
    text = _answered(text)
    start, end = _bounds(text, task)
    return text[start:end]


def enough(text: str, task: Task) -> bool:
    """Whether a token came after the start."""
    return _bounds(_answered(text), task)[1] is not None


def waits(text: str, task: Task) -> bool:
    """Whether the model is still thinking, or in the middle of a token."""
    at = max(text.rfind("<", -_LONGEST), text.rfind("[", -_LONGEST))
    if at >= 0 and any(token.startswith(text[at:]) for token in _listed()):
        return True
    start = text.lstrip()
    return any(start.startswith(opened) and closed not in start for opened, closed in _thoughts())


def _bounds(text: str, task: Task) -> tuple[int, int | None]:
    """Return where the answer begins behind tokens, and where the next token ends it, None where none does."""
    start = 0
    for found in _tokens().finditer(text):
        if _is_users_own(found[0], task):
            continue
        if text[start : found.start()].strip():
            return start, found.start()
        start = found.end()
    return start, None


def _answered(text: str) -> str:
    """Return the text without the model's thoughts and without our own mark."""
    text = text.replace(CURSOR, "") if CURSOR in text else text
    start = text.lstrip()
    for opened, closed in _thoughts():
        thought, found, answer = text.partition(closed)
        if found and (start.startswith(opened) or opened not in thought):
            # Some servers leave out the token that opens the thought and pass on the one that closes it.
            return answer.lstrip("\n")
        if start.startswith(opened):
            return ""
    return text


def _is_users_own(token: str, task: Task) -> bool:
    """Whether the code around the cursor speaks of the token itself."""
    place = hole(task)
    if place is None:
        return False
    return any(token in line for line in (*place.above[-60:], place.before, place.after, *place.below))


@cache
def _families() -> dict[str, dict[str, object]]:
    text = files(__name__.rpartition(".")[0]).joinpath("special_tokens.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _listed() -> tuple[str, ...]:
    """Return all tokens, the longest first, so that none is taken for a shorter one."""
    listed = {token for family in _families().values() for token in cast("list[str]", family["tokens"])}
    return tuple(sorted({*listed, CURSOR}, key=lambda token: (-len(token), token)))


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(token) for token in _listed() if token != CURSOR))


@cache
def _thoughts() -> tuple[tuple[str, str], ...]:
    listed = {
        (opened, closed)
        for family in _families().values()
        for opened, closed in cast("list[list[str]]", family.get("thoughts", []))
    }
    return tuple(sorted(listed))
