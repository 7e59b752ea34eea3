"""Code fences and the chatter around them."""

import re

from tierwise.core.task import Task

_FENCED = re.compile(r"^[ \t]*(```+|~~~+)[^\n`]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)


def trim(text: str, task: Task) -> str:
    """Return what the first fence holds, or the text as it is where there is no fence."""
    found = _FENCED.search(text)
    if found is None:
        return text
    inner = found[2]
    # The fence's own line end is not part of the code; an insertion in the middle of a line has none.
    return inner.removesuffix("\n").removesuffix("\r")
