"""Pulls answered from what is known, held while there is nothing new; and the same pushed to who cannot pull."""

import asyncio
from typing import Any

from tierwise.lsp import Session
from tierwise.lsp.rpc import as_list, as_object

from .shelf import Sheet, Shelf

PAUSE = 0.3
"""Seconds after a key until findings are pushed anew: as long as editors wait before they pull."""
AT_ONCE = 50
"""Documents in one partial result."""


class Pulling:
    """Knows what the client was told."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._surveyed = False
        self._current: dict[str, Sheet] = {}
        """Of the workspace's documents those that have findings, or had some when the client was last told."""
        self._news = asyncio.Condition()
        self._pushed: dict[str, str] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def document(self, session: Session, params: dict[str, Any]) -> object:
        """Answer ``textDocument/diagnostic``."""
        uri = str(as_object(params.get("textDocument")).get("uri", ""))
        sheet = await self._shelf.of_uri(session, uri)
        if params.get("previousResultId") == sheet.id:
            return {"kind": "unchanged", "resultId": sheet.id}
        return {"kind": "full", "resultId": sheet.id, "items": sheet.diagnostics}

    async def workspace(self, session: Session, params: dict[str, Any]) -> object:
        """Answer ``workspace/diagnostic`` with what the client does not have, as soon as there is any such thing."""
        has = {
            str(said.get("uri")): str(said.get("value"))
            for said in map(as_object, as_list(params.get("previousResultIds")))
        }
        token = params.get("partialResultToken")
        for uri in list(self._pushed):
            self._take_back(session, uri)
        if not self._surveyed:
            async with session.progress("Tierwise: what is known of the workspace", params.get("workDoneToken")):
                return {"items": await self._survey(session, has, token)}
        async with self._news:
            await self._news.wait_for(lambda: bool(self._missing(session, has)))
        return {"items": self._missing(session, has)}

    async def renewed(self, session: Session, uri: str) -> None:
        """Take in that a file or what is known of it may have changed, and let the client know."""
        sheet = await self._shelf.of_uri(session, uri)
        if not self._will_pull(session, uri):
            self._push(session, uri, sheet)
            return
        before = self._current.get(uri)
        if before is None and not sheet.diagnostics:
            return
        if before is None or before.id != sheet.id:
            async with self._news:
                self._current[uri] = sheet
                self._news.notify_all()

    async def refresh(self, session: Session) -> None:
        """Have the client pull open documents again, where it can be told to."""
        from tierwise.lsp import RpcError

        if session.supports("workspace", "diagnostics", "refreshSupport"):
            try:
                await session.request("workspace/diagnostic/refresh", None)
            except RpcError:
                pass  # it will ask again by itself

    def shown(self) -> list[str]:
        """Return the URIs of documents that have findings, as far as the client was told."""
        return sorted({*self._current, *self._pushed})

    def opened(self, session: Session, params: dict[str, Any]) -> None:
        """Push what is known of a document to who cannot pull; who can does so now."""
        if _can_pull(session):
            self._take_back(session, _uri(params))
        self._soon(session, params, 0.0)

    def changed(self, session: Session, params: dict[str, Any]) -> None:
        """Push it again when the user pauses: findings move with their code, and those of changed code go."""
        self._soon(session, params, PAUSE)

    def closed(self, session: Session, params: dict[str, Any]) -> None:
        """Forget the document."""
        uri = _uri(params)
        self._shelf.forget(uri)
        self._take_timer(uri)

    def touched(self, session: Session, params: dict[str, Any]) -> None:
        """Look again at files that something else changed, if anything was found in them."""
        for change in as_list(params.get("changes")):
            uri = str(as_object(change).get("uri", ""))
            if uri in self._current or uri in self._pushed:
                session.spawn(self.renewed(session, uri))

    def _soon(self, session: Session, params: dict[str, Any], delay: float) -> None:
        if _can_pull(session):
            return
        uri = _uri(params)
        self._take_timer(uri)
        self._timers[uri] = asyncio.get_running_loop().call_later(delay, self._look, session, uri)

    def _look(self, session: Session, uri: str) -> None:
        self._take_timer(uri)
        session.spawn(self.renewed(session, uri))

    def _take_timer(self, uri: str) -> None:
        waiting = self._timers.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    def _push(self, session: Session, uri: str, sheet: Sheet) -> None:
        if self._pushed.get(uri, sheet.id if not sheet.diagnostics else "") == sheet.id:
            return
        if sheet.diagnostics:
            self._pushed[uri] = sheet.id
        else:
            self._pushed.pop(uri, None)
        document = session.documents.get(uri)
        told: dict[str, Any] = {"uri": uri, "diagnostics": sheet.diagnostics}
        if document is not None and document.version is not None:
            told["version"] = document.version
        session.notify("textDocument/publishDiagnostics", told)

    def _will_pull(self, session: Session, uri: str) -> bool:
        """Whether the client asks for a document itself: some, as Helix, do so for open ones only."""
        return _can_pull(session) and (self._surveyed or session.documents.get(uri) is not None)

    def _take_back(self, session: Session, uri: str) -> None:
        """Take back what was pushed of a document, because the client pulls it from now on."""
        if self._pushed.pop(uri, None) is not None and _can_pull(session):
            session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})

    async def _survey(self, session: Session, has: dict[str, str], token: Any) -> list[dict[str, Any]]:
        """Go through the workspace once; what is found goes out in parts where the client takes them."""
        queue = await self._shelf.workspace(session)
        items: list[dict[str, Any]] = []
        while (entry := await queue.get()) is not None:
            uri, sheet = entry
            self._current[uri] = sheet
            items.append(_item(session, uri, sheet, has.get(uri)))
            if token is not None and (len(items) >= AT_ONCE or queue.empty()):
                session.notify("$/progress", {"token": token, "value": {"items": items}})
                items = []
        self._surveyed = True
        gone = [uri for uri in has if uri not in self._current]
        for uri in gone:
            self._current[uri] = await self._shelf.of_uri(session, uri)
        return items + [_item(session, uri, self._current[uri], has[uri]) for uri in gone]

    def _missing(self, session: Session, has: dict[str, str]) -> list[dict[str, Any]]:
        return [
            _item(session, uri, sheet, None)
            for uri, sheet in self._current.items()
            if has.get(uri) != sheet.id and (sheet.diagnostics or uri in has)
        ]


def _item(session: Session, uri: str, sheet: Sheet, has: str | None) -> dict[str, Any]:
    document = session.documents.get(uri)
    item: dict[str, Any] = {"uri": uri, "version": document.version if document else None, "resultId": sheet.id}
    if has == sheet.id:
        return {**item, "kind": "unchanged"}
    return {**item, "kind": "full", "items": sheet.diagnostics}


def _can_pull(session: Session) -> bool:
    return session.supports("textDocument", "diagnostic")


def _uri(params: dict[str, Any]) -> str:
    return str(as_object(params.get("textDocument")).get("uri", ""))
