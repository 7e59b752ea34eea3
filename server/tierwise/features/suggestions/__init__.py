"""Code suggested at the cursor: as ghost text, and as items of the completion list for editors without it.

``suggester`` decides where a suggestion comes from (``memory``, ``traffic``, or a model after ``patience``);
``inline`` and ``listing`` are the two ways to show it; ``fate`` finds out what became of it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tierwise.core.garbage import loading_alone
from tierwise.features.house import House
from tierwise.lsp import Feature, Session
from tierwise.lsp.rpc import as_object

from .clock import Clock

if TYPE_CHECKING:
    from .desk import Desk

ACCEPTED = "tierwise.accepted"
"""The command every item carries: the editor runs it when the user takes the suggestion."""
TRIGGERS = [".", "(", ":", ",", "=", " "]
"""Characters after which an editor asks for its list beside inside words: where suggestions begin."""


def feature(house: House, clock: Clock | None = None) -> Feature:
    """Return what the server needs to know of it."""
    door = Door(house, clock or Clock())
    return Feature(
        name="suggestions",
        capabilities=_capabilities,
        requests={"textDocument/inlineCompletion": door.inline, "textDocument/completion": door.listing},
        notifications={
            "initialized": door.begin,
            "textDocument/didSave": door.saved,
            "workspace/didChangeWatchedFiles": door.watched,
            "textDocument/didShowCompletion": door.shown,
            "textDocument/didPartiallyAcceptCompletion": door.partly_accepted,
            "textDocument/didRejectCompletion": door.rejected,
        },
        commands={ACCEPTED: door.accepted},
    )


class Door:
    """Has the desk imported in the background once the client is answered: the engine behind it takes its time."""

    def __init__(self, house: House, clock: Clock) -> None:
        self._house = house
        self._clock = clock
        self._desk: Desk | None = None
        self._opening: asyncio.Task[Desk] | None = None

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Open the desk."""
        self._opened(session)

    async def inline(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return an inline completion list."""
        desk = self._desk or await asyncio.shield(self._opened(session))
        return await desk.inline.answer(session, params)

    async def listing(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return a completion list."""
        desk = self._desk or await asyncio.shield(self._opened(session))
        return await desk.listing.answer(session, params)

    def saved(self, session: Session, params: dict[str, Any]) -> None:
        """Note that a file has changed on the disk."""
        if self._desk is not None:
            self._desk.surroundings.saved()
            self._desk.fates.retention.stirred()

    def watched(self, session: Session, params: dict[str, Any]) -> None:
        """Note that files have changed on the disk, git's among them."""
        if self._desk is not None:
            self._desk.fates.retention.stirred()

    async def accepted(self, session: Session, arguments: list[Any]) -> None:
        """Note that the user took a suggestion."""
        if self._desk is not None:
            self._desk.telling.accepted(session, arguments)

    def shown(self, session: Session, params: dict[str, Any]) -> None:
        """Note that the editor shows a suggestion."""
        if self._desk is not None:
            self._desk.telling.shown(params)

    def partly_accepted(self, session: Session, params: dict[str, Any]) -> None:
        """Note that the user took a part of a suggestion."""
        if self._desk is not None:
            self._desk.telling.partly_accepted(params)

    def rejected(self, session: Session, params: dict[str, Any]) -> None:
        """Note that the user took a suggestion away."""
        if self._desk is not None:
            self._desk.telling.rejected(params)

    def _opened(self, session: Session) -> "asyncio.Task[Desk]":
        if self._opening is None:
            self._opening = asyncio.create_task(self._open(session))
        return self._opening

    async def _open(self, session: Session) -> "Desk":
        desk_class = await asyncio.to_thread(_import_desk)
        await asyncio.to_thread(_load_grammars, {document.language for document in session.documents})
        self._desk = desk_class(self._house, self._clock, session)
        return self._desk


def _import_desk() -> "type[Desk]":
    """Import all that the first key needs."""
    with loading_alone():
        from tierwise import checks, edits, tasks, trims

        from .desk import Desk

        kind = tasks.load("autocomplete")
        trims.stops(kind.trims)
        edits.load(kind.form)
        for check in kind.checks:
            checks.load(check)
    return Desk


def _load_grammars(languages: Iterable[str]) -> None:
    from tierwise.workspace.grammars import has_grammar
    from tierwise.workspace.syntax import names

    with loading_alone():
        for language in filter(has_grammar, languages):
            names("", language)


def _capabilities(client: Mapping[str, Any]) -> dict[str, Any]:
    """Offer the list only to editors without ghost text: the others would show everything twice."""
    offered: dict[str, Any] = {"inlineCompletionProvider": True}
    if as_object(client.get("textDocument")).get("inlineCompletion") is None:
        offered["completionProvider"] = {"triggerCharacters": TRIGGERS, "resolveProvider": False}
    return offered
