"""Code fences, and tags used like fences."""

import re

from tierwise.core.task import Task
from tierwise.workspace.comments import PROSE

from .hole import hole

_SENTENCES = r"(?:[ \t]*\n|[ \t]*[A-Z](?=[^\n]* )[^\n`]*[.:!?][ \t]*\n)*"
_FENCED = re.compile(
    _SENTENCES + r"[ \t]*(```+|~~~+)[^\n`]*\n(.*?)(?:^[ \t]*\1|\Z)",
    re.MULTILINE | re.DOTALL,
)
"""A fence with nothing or only sentences before it: behind code it belongs to what is said about the code."""

_BEFORE = re.compile(_SENTENCES)
_TAGGED = re.compile(
    r"\s*<(missing|completion|insertion|insert|code|answer|output|result|response)>\n?(.*?)(?:\n?</\1>|\Z)", re.DOTALL
)
_WITH_TAGS = frozenset(("html", "xml", "javascriptreact", "typescriptreact", "vue", "svelte", "astro", "php"))


def trim(text: str, task: Task) -> str:
    """Return what the first fence holds, or the text as it is where there is no fence."""
    found = _found(text, task)
    if found is None:
        return text
    # The fence's own line end is not part of the code; an insertion in the middle of a line has none.
    return found[2].removesuffix("\n").removesuffix("\r")


def enough(text: str, task: Task) -> bool:
    """Whether the first fence is closed."""
    found = _found(text, task)
    return found is not None and not found[0].endswith(found[2] or "\n")


def waits(text: str, task: Task) -> bool:
    """Whether the text so far may be the beginning of a fence or a tag."""
    start = text.lstrip()
    if task.language in PROSE and not start.startswith("`"):
        return False
    if _BEFORE.fullmatch(text) or (start.startswith(("```", "~~~", "<")) and "\n" not in start):
        return True
    return start.rpartition("\n")[2].lstrip().startswith(("`", "~")) and _found(text, task) is None


def _wraps(text: str, task: Task) -> bool:
    """Whether a fence in a text is around the reply: in the middle of a line no fence begins."""
    if text.startswith(("```markdown", "```md")):
        return True
    place = hole(task)
    return text.startswith("```") and place is not None and not place.fresh


def _found(text: str, task: Task) -> re.Match[str] | None:
    if task.language in PROSE and not _wraps(text.lstrip(), task):
        return None  # in a text about code a fence is part of the text
    if "<" in text[:40] and task.language not in _WITH_TAGS and (tagged := _TAGGED.match(text)):
        return tagged
    return _FENCED.match(text) if "```" in text or "~~~" in text else None
