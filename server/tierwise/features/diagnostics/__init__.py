"""Defects found by models, beside those of linters: pulled where the client can pull, else pushed.

Pulls are answered from what was found before and cost nothing. ``workspace/diagnostic`` answers at once with what the
client does not have yet; where that is nothing, it holds the request until there is something, because clients ask
again as soon as they have an answer.

Commands:

- ``tierwise.scan`` (``{scope, uri, base, profile, batch, diagnostics}``, all may be left out) has code looked at that
  nobody looked at yet. ``scope`` is ``file`` (``uri``), ``diff``, ``branch`` (since ``base``) or ``workspace``;
  ``profile`` is ``standard`` or ``audit``; ``batch`` says that it may take a day, at half the price; ``diagnostics``
  are what other servers say of the file. It returns ``{found, looked, calls, tokens, cost, left, stopped}``.
- ``tierwise.dismiss`` (the ``data`` of a diagnostic) never shows it again, wherever its code stands. With ``comment``
  (``{uri, line}``) besides, it adds a comment to the code instead, which hides what is found there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tierwise.features.house import House
from tierwise.features.status import SETTINGS_CHANGED
from tierwise.lsp import Feature, Session

from .dismissing import DISMISS, Dismissing
from .idling import Idling
from .opinions import Opinions
from .pulling import Pulling
from .scanning import Scanning
from .shelf import Shelf

Heard = Callable[[Session, dict[str, Any]], None]


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    shelf = Shelf(house)
    pulling = Pulling(shelf)
    opinions = Opinions(house, shelf)
    scanning = Scanning(house, shelf, pulling, opinions)
    idling = Idling(house, scanning)

    def begin(session: Session, params: dict[str, Any]) -> None:
        scanning.begin(session, params)
        idling.begin()

    def both(first: Heard, second: Heard) -> Heard:
        def heard(session: Session, params: dict[str, Any]) -> None:
            first(session, params)
            second(session, params)

        return heard

    return Feature(
        name="diagnostics",
        capabilities=_capabilities,
        requests={"textDocument/diagnostic": pulling.document, "workspace/diagnostic": pulling.workspace},
        notifications={
            "initialized": begin,
            "textDocument/didOpen": both(pulling.opened, idling.stirred),
            "textDocument/didChange": both(pulling.changed, idling.stirred),
            "textDocument/didSave": both(scanning.saved, idling.stirred),
            "textDocument/didClose": pulling.closed,
            "workspace/didChangeWatchedFiles": pulling.touched,
            SETTINGS_CHANGED: idling.renewed,
        },
        commands={"tierwise.scan": scanning.scan, DISMISS: Dismissing(shelf, pulling, opinions).dismiss},
    )


def _capabilities(client: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(client.get("textDocument"), dict) or "diagnostic" not in client["textDocument"]:
        return {}
    options = {"identifier": "tierwise", "interFileDependencies": False, "workspaceDiagnostics": True}
    return {"diagnosticProvider": options}
