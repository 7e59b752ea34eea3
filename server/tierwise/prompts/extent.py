"""How long the text in a hole may become, and how a conversation is told."""

from collections.abc import Mapping
from dataclasses import replace

from tierwise.core.prompt import Limits
from tierwise.core.task import Task
from tierwise.workspace.cursor import Extent, Rest, Standing, of_facts

MOST_TOKENS: Mapping[Extent, int] = {Extent.LINE: 120, Extent.BLOCK: 256, Extent.BODY: 512}
"""Six times the length expected at the median: a statement may go on over several lines, and the trims end the stream
where it is complete. Without a limit a model in a loop would be paid to the end of its window.
"""

TALK = 60
"""Tokens that a conversation may spend on what is cut off again: a sentence, a fence, the line repeated."""

_WANTED: Mapping[Extent, str] = {
    Extent.LINE: "Complete the current statement and nothing after it.",
    Extent.BLOCK: "Write the next statement, with its block if it has one, and nothing after it.",
    Extent.BODY: "Write the body of the block that begins here, and nothing after it.",
}


def within(limits: Limits, task: Task, *, fim: bool) -> Limits:
    """Return the limits narrowed to what the place wants.

    Only where the first line end is surely the end, the model itself is told to stop there: it then stops sooner than
    we could close the stream. A conversation may begin with a line of its own.
    """
    cursor = of_facts(task.facts)
    if cursor is None:
        return limits
    most = MOST_TOKENS[cursor.extent] + (0 if fim else TALK)
    limits = replace(limits, max_tokens=min(limits.max_tokens, most))
    one_line = cursor.extent is Extent.LINE and (
        cursor.rest is Rest.CODE or (cursor.standing is Standing.STRING and not cursor.long)
    )
    return replace(limits, stop=(*limits.stop, "\n")) if fim and one_line else limits


def wanted(task: Task) -> str:
    """Return the sentence that says how much to write, or an empty string where nobody looked."""
    cursor = of_facts(task.facts)
    if cursor is None:
        return ""
    if cursor.standing is Standing.COMMENT:
        return "Complete the comment."
    if cursor.standing is Standing.STRING:
        return "Complete the text of the string."
    if cursor.rest is Rest.CODE:
        return "Write what is missing in the middle of this line, and nothing else."
    return _WANTED[cursor.extent]
