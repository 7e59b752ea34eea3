"""The dialect of Copilot's language server, as far as a client of its completions needs it."""

import platform
from collections.abc import Mapping
from typing import Any

from cachetools import LRUCache

from tierwise import __version__
from tierwise.features.house import House
from tierwise.features.status import STATUS_CHANGED
from tierwise.features.suggestions import ACCEPTED
from tierwise.features.suggestions.dressing import COPILOT_ACCEPTED, id_of
from tierwise.lsp import Dialect, Feature, Session
from tierwise.lsp.rpc import as_list, as_object

from . import legacy

USER = "tierwise"
"""Who is signed in: nobody needs to be, but clients ask."""
FINISH = "github.copilot.finishDeviceFlow"

SIGNED_IN = {"status": "AlreadySignedIn", "user": USER}
OK = {"status": "OK", "user": USER}

INVOKED, AUTOMATIC = 1, 2
"""``InlineCompletionTriggerKind``."""

KINDS = {"normal": "Normal", "warning": "Warning", "error": "Error", "inactive": "Inactive"}
REMEMBERED = 256
"""Suggestions whose text is kept, to tell which part of one was taken."""


def feature(_house: House) -> Feature:
    """Return what the server needs to know of it."""
    copilot = Copilot()
    return Feature(
        name="copilot",
        dialect=Dialect.COPILOT,
        requests={
            "signIn": _always(SIGNED_IN),
            "signInInitiate": _always(SIGNED_IN),
            "signInConfirm": _always(OK),
            "signOut": _always({"status": "NotSignedIn"}),
            "checkStatus": _always(OK),
            "setEditorInfo": _always("OK"),
            "getVersion": _always(
                {
                    "version": __version__,
                    "buildType": "tierwise",
                    "runtimeVersion": f"python/{platform.python_version()}",
                }
            ),
            "textDocument/copilotInlineEdit": copilot.inline_edit,
            "textDocument/copilotPanelCompletion": copilot.panel,
            "getCompletions": copilot.completions,
            "getCompletionsCycling": copilot.cycling,
            "getPanelCompletions": copilot.panel_by_notifications,
            "notifyShown": copilot.notify_shown,
            "notifyAccepted": copilot.notify_accepted,
            "notifyRejected": copilot.notify_rejected,
            "git/commitGenerate": copilot.commit_message,
        },
        notifications={
            "initialized": copilot.begin,
            "textDocument/didFocus": _ignored,
            "textDocument/didShowInlineEdit": copilot.shown,
            STATUS_CHANGED: copilot.status,
        },
        commands={COPILOT_ACCEPTED: copilot.accepted, FINISH: _finished},
    )


class Copilot:
    """Speaks for the features that do the work."""

    def __init__(self) -> None:
        self._texts: LRUCache[str, str] = LRUCache(REMEMBERED)

    # What is suggested

    async def inline_edit(self, session: Session, params: dict[str, Any]) -> object:
        """``textDocument/copilotInlineEdit``: what we suggest at the cursor, as an edit."""
        document = as_object(params.get("textDocument"))
        items = await self._suggested(session, {**params, "context": {"triggerKind": AUTOMATIC}})
        return {
            "edits": [
                {
                    "text": item["insertText"],
                    "range": item["range"],
                    "textDocument": {"uri": document.get("uri"), "version": document.get("version")},
                    "command": item["command"],
                }
                for item in items
            ]
        }

    async def panel(self, session: Session, params: dict[str, Any]) -> object:
        """``textDocument/copilotPanelCompletion``: several to choose from; sent in parts where the client wishes."""
        items = await self._suggested(session, {**params, "context": {"triggerKind": INVOKED}})
        token = params.get("partialResultToken")
        if token is None:
            return {"items": items}
        for item in items:
            session.notify("$/progress", {"token": token, "value": {"items": [item]}})
        return {"items": []}

    async def completions(self, session: Session, params: dict[str, Any]) -> object:
        """``getCompletions``: the older form of the same."""
        return await self._legacy(session, params, AUTOMATIC)

    async def cycling(self, session: Session, params: dict[str, Any]) -> object:
        """``getCompletionsCycling``: several to choose from."""
        return await self._legacy(session, params, INVOKED)

    async def panel_by_notifications(self, session: Session, params: dict[str, Any]) -> object:
        """``getPanelCompletions``: each candidate in a notification of its own, before the answer."""
        read = legacy.read(session, params)
        items = await self._suggested(session, {**read.params, "context": {"triggerKind": INVOKED}})
        panel = params.get("panelId")
        for item in items:
            session.notify("PanelSolution", {"panelId": panel, **legacy.solution(item, read)})
        session.notify("PanelSolutionsDone", {"panelId": panel, "status": "OK"})
        return {"solutionCountTarget": len(items)}

    async def _legacy(self, session: Session, params: dict[str, Any], trigger: int) -> object:
        read = legacy.read(session, params)
        items = await self._suggested(session, {**read.params, "context": {"triggerKind": trigger}})
        return {"completions": [legacy.completion(item, read) for item in items]}

    async def _suggested(self, session: Session, params: dict[str, Any]) -> list[dict[str, Any]]:
        answer = as_object(await session.relay.ask(session, "textDocument/inlineCompletion", params))
        items = [as_object(item) for item in as_list(answer.get("items"))]
        for item in items:
            self._texts[id_of(item)] = item["insertText"]
        return items

    # What became of it

    def shown(self, session: Session, params: dict[str, Any]) -> None:
        """``textDocument/didShowInlineEdit``."""
        session.relay.tell(session, "textDocument/didShowCompletion", params)

    async def notify_shown(self, session: Session, params: dict[str, Any]) -> object:
        """``notifyShown``: ``{uuid}``."""
        self.shown(session, self._told(params.get("uuid")))
        return "OK"

    async def notify_accepted(self, session: Session, params: dict[str, Any]) -> object:
        """``notifyAccepted``: ``{uuid, acceptedLength?}``, in UTF-16 units; all of it where no length is given."""
        uuid, length = params.get("uuid"), params.get("acceptedLength")
        text = self._texts.get(str(uuid), "")
        if isinstance(length, int) and length < len(text.encode("utf-16-le")) // 2:
            told = {**self._told(uuid), "acceptedLength": length}
            session.relay.tell(session, "textDocument/didPartiallyAcceptCompletion", told)
        else:
            await session.relay.run(session, ACCEPTED, uuid)
        return "OK"

    async def notify_rejected(self, session: Session, params: dict[str, Any]) -> object:
        """``notifyRejected``: ``{uuids}``."""
        for uuid in as_list(params.get("uuids")):
            session.relay.tell(session, "textDocument/didRejectCompletion", self._told(uuid))
        return "OK"

    async def accepted(self, session: Session, arguments: list[Any]) -> object:
        """The command of an item."""
        return await session.relay.run(session, ACCEPTED, *arguments)

    def _told(self, uuid: object) -> dict[str, Any]:
        text = self._texts.get(str(uuid), "")
        return {"item": {"insertText": text, "command": {"arguments": [uuid]}}}

    # The rest

    async def commit_message(self, session: Session, params: dict[str, Any]) -> object:
        """``git/commitGenerate``: our own look at the repository serves better than the client's excerpt."""
        message = await session.relay.run(session, "tierwise.commit_message", {})
        return {"commitMessage": message}

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Tell the client at once that it may ask: the first suggestions wait for the rest of the server themselves."""
        self.status(session, {"kind": "normal", "busy": False, "problems": []})

    def status(self, session: Session, params: Mapping[str, Any]) -> None:
        """Say what ``tierwise/status`` says, in the old words and in the new ones."""
        kind = KINDS.get("inactive" if params.get("paused") else str(params.get("kind")), "Normal")
        busy = bool(params.get("busy"))
        message = " ".join(map(str, as_list(params.get("problems"))))
        session.notify("didChangeStatus", {"busy": busy, "kind": kind, "message": message})
        old = "InProgress" if busy and kind not in ("Error", "Inactive") else kind
        session.notify("statusNotification", {"busy": busy, "kind": kind, "status": old, "message": message})


def _always(answer: object) -> Any:
    async def handler(_session: Session, _params: dict[str, Any]) -> object:
        return answer

    return handler


async def _finished(_session: Session, _arguments: list[Any]) -> object:
    return OK


def _ignored(_session: Session, _params: dict[str, Any]) -> None:
    """The documents that are open say enough."""
