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


def trim(text: str, task: Task) -> str:
    """Leave out thoughts, tokens at the start and our own mark; cut at the first token after the start."""
    text = _without_thoughts(text)
    if CURSOR in text:
        text = text.replace(CURSOR, "")
    end = 0
    for found in _tokens().finditer(text):
        if _is_users_own(found[0], task):
            continue
        if text[end : found.start()].strip():
            return text[end : found.start()]
        end = found.end()
    return text[end:]


def enough(text: str, task: Task) -> bool:
    """Whether a token came after the start."""
    text = _without_thoughts(text)
    start = 0
    for found in _tokens().finditer(text):
        if not _is_users_own(found[0], task):
            if text[start : found.start()].strip():
                return True
            start = found.end()
    return False


def waits(text: str, task: Task) -> bool:
    """Whether the model is still thinking."""
    start = text.lstrip()
    return any(start.startswith(opened) and closed not in start for opened, closed in _thoughts())


def _without_thoughts(text: str) -> str:
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
def _tokens() -> re.Pattern[str]:
    listed = {token for family in _families().values() for token in cast("list[str]", family["tokens"])}
    return re.compile("|".join(map(re.escape, sorted(listed, key=len, reverse=True))))


@cache
def _thoughts() -> tuple[tuple[str, str], ...]:
    listed = {
        (opened, closed)
        for family in _families().values()
        for opened, closed in cast("list[list[str]]", family.get("thoughts", []))
    }
    return tuple(sorted(listed))
