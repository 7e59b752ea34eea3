"""``notebookDocument/*``: the cells of a notebook are documents like others, each with its own URI and version."""

from typing import Any

from tierwise.lsp import Feature, Session, hot
from tierwise.lsp.rpc import as_list, as_object

from .house import House


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    return Feature(
        name="notebooks",
        capabilities=lambda _client: {
            "notebookDocumentSync": {"notebookSelector": [{"notebook": "*", "cells": [{"language": "*"}]}]}
        },
        notifications={
            "notebookDocument/didOpen": opened,
            "notebookDocument/didChange": changed,
            "notebookDocument/didClose": closed,
            "notebookDocument/didSave": _nothing,
        },
    )


def opened(session: Session, params: dict[str, Any]) -> None:
    """Take the texts of a notebook's cells."""
    for cell in as_list(params.get("cellTextDocuments")):
        hot.did_open(session, {"textDocument": cell})


def changed(session: Session, params: dict[str, Any]) -> None:
    """Take cells in and out, then the changes of their texts; outputs and metadata are not ours."""
    cells = as_object(as_object(params.get("change")).get("cells"))
    structure = as_object(cells.get("structure"))
    for cell in as_list(structure.get("didClose")):
        hot.did_close(session, {"textDocument": cell})
    for cell in as_list(structure.get("didOpen")):
        hot.did_open(session, {"textDocument": cell})
    for content in as_list(cells.get("textContent")):
        said = as_object(content)
        hot.did_change(session, {"textDocument": said.get("document"), "contentChanges": said.get("changes")})


def closed(session: Session, params: dict[str, Any]) -> None:
    """Forget a notebook's cells."""
    for cell in as_list(params.get("cellTextDocuments")):
        hot.did_close(session, {"textDocument": cell})


def _nothing(session: Session, params: dict[str, Any]) -> None:
    """Nothing is done about a saved notebook: its cells' texts are known already."""
