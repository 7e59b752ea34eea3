"""What every item carries so that its fate comes back to us, in the words of each dialect."""

from collections.abc import Mapping
from typing import Any

from tierwise.lsp import Dialect

from . import ACCEPTED

COPILOT_ACCEPTED = "github.copilot.didAcceptCompletionItem"
"""The command that Copilot's clients run, and some look for."""


def dressed(item: dict[str, Any], task_id: str, dialect: Dialect) -> dict[str, Any]:
    """Return the item with the command that tells of its acceptance, and Tabby's event id where that is wanted."""
    name = COPILOT_ACCEPTED if dialect is Dialect.COPILOT else ACCEPTED
    command = {"title": "Suggestion accepted", "command": name, "arguments": [task_id]}
    if dialect is Dialect.TABBY:
        return {**item, "command": command, "data": {"eventId": {"completionId": task_id, "choiceIndex": 0}}}
    return {**item, "command": command}


def id_of(item: Mapping[str, Any]) -> str:
    """Return the task id that a dressed item carries."""
    return str(item["command"]["arguments"][0])
