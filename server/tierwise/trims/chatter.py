"""What a model says about its answer instead of answering."""

import re

from tierwise.core.task import Task
from tierwise.workspace.comments import PROSE
from tierwise.workspace.cursor import Standing

from .hole import hole

_OPENING = (
    r"(?:sure|certainly|of course|okay|here(?:['’]s| is| are)|below is|to complete|based on|looking at"
    r"|you (?:can|should)|i(?:['’]ll|['’]ve| will| have)|this (?:code|completes|is the)"
    r"|the (?:completed?|completion|missing|following|code|insertion|answer|text to))\b"
)
_BEFORE = re.compile(rf"\s*{_OPENING}[^\n]*[:.!][ \t]*(?:\n{{1,2}}|\Z)", re.IGNORECASE)
_MAYBE_BEFORE = re.compile(rf"\s*{_OPENING}[^\n]*\Z", re.IGNORECASE)
_SENTENCES = re.compile(r"\s*(?:[A-Z][\w'’]*(?: [\w'’,`()-]+){3,}[.:!?][ \t]*(?:\n{1,2}|\Z))+")
"""Four words and a full stop on a line: no programming language writes code so."""
_MAYBE_SENTENCES = re.compile(
    r"\s*(?:[A-Z][\w'’]*(?: [\w'’,`()-]+){3,}[.:!?]\s*)*(?:[A-Z][\w'’]*(?: [\w'’,`()-]*)*[.:!?]?)?\Z"
)
_TO_THE_USER = re.compile(
    r"\s*(?:(?:sure|certainly|of course)[!,.] )?here(?:['’]s| is) the (?:completion|completed|missing|insertion)\b"
    r"[^\n]*:[ \t]*(?:\n{1,2}|\Z)",
    re.IGNORECASE,
)
_MAYBE_TO_THE_USER = re.compile(r"\s*(?:sure|certainly|of course|here)\b[^\n]*\Z", re.IGNORECASE)
"""In comments, strings and texts only what nobody but a model says."""
_AFTER = re.compile(
    r"\n[ \t]*\n?[ \t]*(?:this (?:code|completes?|will|is|implementation|function)|note(?::| that)|explanation:"
    r"|here['’]?s? |hope this|i (?:have|added|completed)|in this|the (?:code|function|above|completion))\b"
    r"[^\n;{}=]*[.:!][ \t]*(?:\n|\Z)",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\W*(?:no (?:completion|insertion|further (?:code|text)|code|text)(?: is| was)? (?:needed|necessary|required)"
    r"[^\n]*|nothing (?:to|should|needs|more)\b[^\n]*|[(\[]empty[)\]]|empty (?:message|string|response|reply))\W*",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\s*(?:i['’]?(?: a)?m sorry|sorry, |i can(?:not|['’]t) |as an ai\b)", re.IGNORECASE)


def trim(text: str, task: Task) -> str:
    """Cut sentences to the user before and after the code; nothing is left of an answer that is all sentence."""
    if _is_prose(task):
        opening = _TO_THE_USER.match(text)
        return text[opening.end() :] if opening else text
    if _REFUSED.match(text) or _NOTHING.fullmatch(text):
        return ""
    if opening := _BEFORE.match(text) or _SENTENCES.match(text):
        text = text[opening.end() :]
    # A line that a program can end with is no sentence: it must read like one and stand behind all that was asked for.
    return text[: closing.start()] if (closing := _AFTER.search(text)) else text


def waits(text: str, task: Task) -> bool:
    """Whether the text so far reads like the start of a sentence to the user."""
    if _is_prose(task):
        return _MAYBE_TO_THE_USER.match(text) is not None
    return any(pattern.match(text) for pattern in (_MAYBE_BEFORE, _MAYBE_SENTENCES, _REFUSED)) or bool(
        _NOTHING.fullmatch(text)
    )


def _is_prose(task: Task) -> bool:
    if task.language in PROSE:
        return True
    place = hole(task)
    return place is not None and place.cursor.standing in (Standing.COMMENT, Standing.STRING)
