"""Document synchronisation on plain dicts: what arrives with every keystroke."""

import logging
import re
from typing import Any, cast

from tierwise.core.document import Document
from tierwise.core.text import Text
from tierwise.workspace.documents import Change, UnknownDocumentError

from .positions import Encoding, read_span
from .rpc import Code, RpcError, as_list, as_object
from .session import Session

log = logging.getLogger(__name__)

_HALVES = re.compile("[\ud800-\udfff]")


def did_open(session: Session, params: dict[str, Any]) -> None:
    """Take a document."""
    item = as_object(params.get("textDocument"))
    language = item.get("languageId")
    document = Document(
        uri=_string(item, "uri"),
        version=_version(item),
        language=language if isinstance(language, str) else "",
        text=Text.of(_whole(_string(item, "text"))),
    )
    session.documents.open(document)


def did_change(session: Session, params: dict[str, Any]) -> None:
    """Apply changes in their order; where one of them is malformed, none is applied."""
    item, changes = as_object(params.get("textDocument")), params.get("contentChanges")
    if not isinstance(changes, list):
        raise RpcError(Code.INVALID_PARAMS, "contentChanges is a list")
    uri, version = _string(item, "uri"), _version(item)
    document = session.documents.get(uri)
    if document is None:
        raise UnknownDocumentError(uri)
    if version is not None and document.version is not None and version <= document.version:
        log.warning("textDocument/didChange: version %s after version %s", version, document.version)
    steps = _read_steps(document.text, cast("list[object]", changes), session.encoding)
    for step in steps:
        session.documents.replace(uri, version, step)


def did_close(session: Session, params: dict[str, Any]) -> None:
    """Forget a document."""
    session.documents.close(_string(as_object(params.get("textDocument")), "uri"))


def did_change_folders(session: Session, params: dict[str, Any]) -> None:
    """Take workspace folders in and out."""
    event = as_object(params.get("event"))
    gone, new = (
        [_string(as_object(folder), "uri") for folder in as_list(event.get(name))] for name in ("removed", "added")
    )
    session.roots = (*(root for root in session.roots if root not in gone and root not in new), *new)


def _read_steps(text: Text, changes: list[object], encoding: Encoding) -> list[Change]:
    """Return the changes with their places in our units; each is meant for the text that the one before has left."""
    steps: list[Change] = []
    for item in changes:
        said = as_object(item)
        where, new = said.get("range"), _whole(_string(said, "text"))
        span = None if where is None else read_span(where, text, encoding)
        text = Text.of(new) if span is None else text.replace(span, new)
        steps.append(Change(span=span, new_text=new, text=text))
    return steps


def _string(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise RpcError(Code.INVALID_PARAMS, f"{name} is a string")
    return value


def _version(said: dict[str, Any]) -> int | None:
    version = said.get("version")
    return version if isinstance(version, int) else None


def _whole(text: str) -> str:
    """Replace halves of surrogate pairs, which no file and no model can hold, by a character of the same width."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)
