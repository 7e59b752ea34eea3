"""The dialect of Tabby's agent, as far as a client of its completions needs it."""

from collections.abc import Mapping
from typing import Any

from tierwise.features.house import House
from tierwise.features.status import STATUS_CHANGED
from tierwise.features.suggestions import ACCEPTED
from tierwise.lsp import Dialect, Feature, Session
from tierwise.lsp.rpc import as_object

READY, FETCHING, FAILED = "ready", "fetching", "completionResponseSlow"


def feature(_house: House) -> Feature:
    """Return what the server needs to know of it."""
    tabby = Tabby()
    return Feature(
        name="tabby",
        dialect=Dialect.TABBY,
        requests={
            "tabby/status": tabby.answer,
            "tabby/config": _config,
            "tabby/status/showHelpMessage": _agreed,
            "tabby/status/ignoredIssues/edit": _agreed,
            "tabby/chat/edit/command": _no_commands,
            "tabby/chat/generateCommitMessage": tabby.commit_message,
        },
        notifications={
            "tabby/telemetry/event": tabby.event,
            "tabby/editors/didChangeActiveEditor": _ignored,
            "tabby/dataStore/didUpdate": _ignored,
            STATUS_CHANGED: tabby.status,
        },
    )


class Tabby:
    """Speaks for the features that do the work."""

    def __init__(self) -> None:
        self._info: dict[str, Any] = {"status": READY, "tooltip": "Tierwise"}

    async def answer(self, session: Session, params: dict[str, Any]) -> object:
        """``tabby/status``."""
        return self._info

    def status(self, session: Session, params: Mapping[str, Any]) -> None:
        """Say what ``tierwise/status`` says; problems have our own sentence, which names their fix."""
        problems = [str(problem) for problem in params.get("problems", ())]
        state = FETCHING if params.get("busy") else FAILED if problems else READY
        info = {"status": state, "tooltip": problems[0] if problems else f"Tierwise · {params.get('model') or 'ready'}"}
        if info != self._info:
            self._info = info
            session.notify("tabby/status/didChange", info)

    def event(self, session: Session, params: dict[str, Any]) -> None:
        """``tabby/telemetry/event``: what became of a suggestion. It stays on this machine."""
        uuid = as_object(params.get("eventId")).get("completionId")
        told = {"item": {"command": {"arguments": [uuid]}}}
        match params.get("type"):
            case "view":
                session.relay.tell(session, "textDocument/didShowCompletion", told)
            case "dismiss":
                session.relay.tell(session, "textDocument/didRejectCompletion", told)
            case "select" if params.get("selectKind") is None:
                session.spawn(_run(session, uuid))
            case _:
                pass  # a line of it: the document's next version tells how much that was

    async def commit_message(self, session: Session, params: dict[str, Any]) -> object:
        """``tabby/chat/generateCommitMessage``."""
        return {"commitMessage": await session.relay.run(session, "tierwise.commit_message", {})}


async def _run(session: Session, uuid: object) -> None:
    await session.relay.run(session, ACCEPTED, uuid)


async def _config(_session: Session, _params: dict[str, Any]) -> object:
    """There is no server of theirs behind us, and no token."""
    return {"server": {"endpoint": "", "token": "", "requestHeaders": {}}}


async def _agreed(_session: Session, _params: dict[str, Any]) -> object:
    return True


async def _no_commands(_session: Session, _params: dict[str, Any]) -> object:
    """Our own are code actions."""
    return []


def _ignored(_session: Session, _params: dict[str, Any]) -> None:
    """The documents that are open say enough."""
