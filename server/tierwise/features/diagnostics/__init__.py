"""Defects found by models, beside those of linters: pulled where the client can pull, else pushed.

Pulls are answered from what was found before and cost nothing. ``workspace/diagnostic`` answers at once with what the
client does not have yet; where that is nothing, it holds the request until there is something, because clients ask
again as soon as they have an answer.

Commands:

- ``tierwise.scan`` (``{scope, uri, base, diagnostics}``, all may be left out) has code looked at that nobody looked at
  yet. ``scope`` is ``file`` (``uri``), ``diff``, ``branch`` (since ``base``) or ``workspace``; ``diagnostics`` are what
  other servers say of the file. It returns ``{found, looked, calls, tokens, cost, left, stopped}``.
- ``tierwise.dismiss`` (the ``data`` of a diagnostic) never shows it again, wherever its code stands. With ``comment``
  (``{uri, line}``) besides, it adds a comment to the code instead, which hides what is found there.
"""

from collections.abc import Mapping
from typing import Any

from tierwise.features.house import House
from tierwise.lsp import Feature

from .dismissing import DISMISS, Dismissing
from .pulling import Pulling
from .scanning import Scanning
from .shelf import Shelf


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    shelf = Shelf(house)
    pulling = Pulling(shelf)
    scanning = Scanning(house, shelf, pulling)
    return Feature(
        name="diagnostics",
        capabilities=_capabilities,
        requests={"textDocument/diagnostic": pulling.document, "workspace/diagnostic": pulling.workspace},
        notifications={
            "initialized": scanning.begin,
            "textDocument/didOpen": pulling.opened,
            "textDocument/didChange": pulling.changed,
            "textDocument/didSave": scanning.saved,
            "textDocument/didClose": pulling.closed,
            "workspace/didChangeWatchedFiles": pulling.touched,
        },
        commands={"tierwise.scan": scanning.scan, DISMISS: Dismissing(shelf, pulling).dismiss},
    )


def _capabilities(client: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(client.get("textDocument"), dict) or "diagnostic" not in client["textDocument"]:
        return {}
    options = {"identifier": "tierwise", "interFileDependencies": False, "workspaceDiagnostics": True}
    return {"diagnosticProvider": options}
