"""What an editor may tell of a suggestion: the item's command, two notifications that Copilot's clients send, and a
third like them for what was taken away.
"""

from typing import Any

from tierwise.lsp import Session
from tierwise.lsp.positions import Encoding, to_column
from tierwise.lsp.rpc import as_list, as_object

from .fate import Fates


class Telling:
    """Passes on what is told; malformed messages are as good as none."""

    def __init__(self, fates: Fates) -> None:
        self._fates = fates

    def accepted(self, session: Session, arguments: list[Any]) -> None:
        """Note that the user took a suggestion; its task id is the command's argument."""
        if arguments and isinstance(arguments[0], str):
            self._fates.accepted(arguments[0], session.documents)

    def shown(self, params: dict[str, Any]) -> None:
        """``textDocument/didShowCompletion``: ``{item}``."""
        task_id = _task_id(params)
        if task_id is not None:
            self._fates.shown(task_id)

    def partly_accepted(self, params: dict[str, Any]) -> None:
        """``textDocument/didPartiallyAcceptCompletion``: ``{item, acceptedLength}``, in UTF-16 units from the start of
        the item's text.
        """
        task_id, length = _task_id(params), params.get("acceptedLength")
        if task_id is not None and isinstance(length, int):
            text = str(as_object(params.get("item")).get("insertText", ""))
            self._fates.partly_accepted(task_id, text[: to_column(text, length, Encoding.UTF16)], text)

    def rejected(self, params: dict[str, Any]) -> None:
        """``textDocument/didRejectCompletion``: ``{item}``."""
        task_id = _task_id(params)
        if task_id is not None:
            self._fates.rejected(task_id)


def _task_id(params: dict[str, Any]) -> str | None:
    command = as_object(as_object(params.get("item")).get("command"))
    return next((one for one in as_list(command.get("arguments")) if isinstance(one, str)), None)
