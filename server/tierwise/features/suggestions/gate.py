"""Where nothing is asked of its own accord: what the syntax at the cursor says before any money is spent."""

from typing import TYPE_CHECKING

from tierwise.workspace.cursor import Cursor, Rest, Standing

if TYPE_CHECKING:
    from tierwise.settings.suggestions import SuggestionSettings


def closed(cursor: Cursor, wishes: "SuggestionSettings") -> str | None:
    """Return why not to ask at the cursor, or None where asking may be worth it."""
    if cursor.standing is Standing.IDENTIFIER:
        return "the cursor stands inside a word"
    if cursor.standing is Standing.COMMENT and not wishes.in_comments:
        return "the cursor stands in a comment"
    if cursor.standing is Standing.STRING and not wishes.in_strings:
        return "the cursor stands in a string"
    if cursor.rest is Rest.CODE and not cursor.header:
        return "code follows on the line"
    if cursor.finished:
        return "the statement is complete"
    return None
