"""The ways to say that a finding is none: for good wherever its code stands, or by a comment at this place."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from tierwise.lsp import Code, RpcError, Session
from tierwise.lsp.rpc import as_object

from .opinions import Opinions
from .pulling import Pulling
from .shelf import SOURCE, Shelf

DISMISS, CLEAR = "tierwise.dismiss", "tierwise.clear"


def offers(uri: str, diagnostics: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Yield the actions that dismiss those of the diagnostics that are ours; nothing is looked up for it."""
    for diagnostic in diagnostics:
        said = as_object(diagnostic)
        data = as_object(said.get("data"))
        if said.get("source") != SOURCE or not isinstance(data.get("ident"), str):
            continue
        title = str(said.get("message", "")).partition("\n")[0][:60]
        if data.get("reported"):
            yield _action(f"Dismiss: {title}", CLEAR, data, diagnostic)
            continue
        line = as_object(as_object(said.get("range")).get("start")).get("line")
        yield _action(f"Dismiss: {title}", DISMISS, data, diagnostic)
        there = {**data, "comment": {"uri": uri, "line": line}}
        yield _action(f"Dismiss with a comment: {title}", DISMISS, there, diagnostic)


class Dismissing:
    """Takes findings back for one client."""

    def __init__(self, shelf: Shelf, pulling: Pulling, opinions: Opinions) -> None:
        self._shelf = shelf
        self._pulling = pulling
        self._opinions = opinions

    async def dismiss(self, session: Session, arguments: list[Any]) -> None:
        """Answer ``tierwise.dismiss``; with ``comment`` one is added to the code and hides only what is found there."""
        from tierwise.findings.finding import Concern

        said = as_object(arguments[0] if arguments else None)
        ident, named = said.get("ident"), said.get("concern")
        if not isinstance(ident, str) or named not in set(Concern):
            raise RpcError(Code.INVALID_PARAMS, "give the data of the diagnostic: {ident, concern}")
        store, concern = await self._shelf.store(), Concern(str(named))
        comment = as_object(said.get("comment"))
        if comment:
            await self._add(session, concern, str(comment.get("uri")), comment.get("line"))
            await asyncio.to_thread(store.comment, ident, concern)
        else:
            await asyncio.to_thread(store.dismiss, ident, concern)
        await self._opinions.dismissed(store, ident, str(said.get("task") or ""))
        for uri in self._pulling.shown():
            await self._pulling.renewed(session, uri)
        session.spawn(self._pulling.refresh(session))

    async def _add(self, session: Session, concern: Any, uri: str, line: Any) -> None:
        from tierwise.findings.dismissal import dismissing

        document = session.documents.get(uri)
        if document is None or not isinstance(line, int) or not 0 <= line < document.text.line_count:
            raise RpcError(Code.INVALID_PARAMS, "name an open document and a line of it: {uri, line}")
        edit = await asyncio.to_thread(dismissing, document, line, concern)
        if edit is None:
            raise RpcError(Code.REQUEST_FAILED, "No comment can stand here: dismiss the finding without one.")
        refused = await session.apply_edit([edit], {}, "Tierwise: dismiss a finding")
        if refused is not None:
            raise RpcError(Code.REQUEST_FAILED, refused)


def _action(title: str, command: str, data: dict[str, Any], diagnostic: Any) -> dict[str, Any]:
    return {
        "title": title,
        "kind": "quickfix",
        "diagnostics": [diagnostic],
        "command": {"title": title, "command": command, "arguments": [data]},
    }
