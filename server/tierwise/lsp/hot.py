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

LARGEST = 4_000_000
"""Characters of a document that we help in: at this size a look at its syntax takes a second already, and nobody writes
such files by hand. Larger ones are forgotten as soon as they have come in.
"""

TYPED = 100_000
"""Characters that no hand types at once: what comes with fewer is not measured."""

_HALVES = re.compile("[\ud800-\udfff]")


def did_open(session: Session, params: dict[str, Any]) -> None:
    """Take a document."""
    item = as_object(params.get("textDocument"))
    language = item.get("languageId")
    _take(
        session,
        uri=_string(item, "uri"),
        version=_version(item),
        language=language if isinstance(language, str) else "",
        text=_string(item, "text"),
    )


def _take(session: Session, *, uri: str, version: int | None, language: str, text: str) -> None:
    """Open the document, or leave it alone where it is too large."""
    if len(text) > LARGEST:
        _leave_alone(session, uri, language)
        return
    session.oversized.pop(uri, None)
    session.documents.open(Document(uri=uri, version=version, language=language, text=Text.of(_whole(text))))


def _leave_alone(session: Session, uri: str, language: str) -> None:
    if session.documents.get(uri) is not None:
        session.documents.close(uri)
    if uri not in session.oversized:
        name = uri.rpartition("/")[2]
        session.show_message(
            f"Tierwise leaves {name} alone: it has more than {LARGEST // 1_000_000} million characters."
        )
    session.oversized[uri] = language


def did_change(session: Session, params: dict[str, Any]) -> None:
    """Apply changes in their order; where one of them is malformed, none is applied."""
    item, changes = as_object(params.get("textDocument")), params.get("contentChanges")
    if not isinstance(changes, list):
        raise RpcError(Code.INVALID_PARAMS, "contentChanges is a list")
    uri, version = _string(item, "uri"), _version(item)
    document = session.documents.get(uri)
    if uri in session.oversized:
        _renew(session, uri, version, as_list(cast("object", changes)))
        return
    if document is None:
        raise UnknownDocumentError(uri)
    if version is not None and document.version is not None and version <= document.version:
        log.warning("textDocument/didChange: version %s after version %s", version, document.version)
    steps = _read_steps(document.text, cast("list[object]", changes), session.encoding)
    if sum(len(step.new_text) for step in steps) > TYPED and len(str(steps[-1].text)) > LARGEST:
        _leave_alone(session, uri, document.language)
        return
    for step in steps:
        session.documents.replace(uri, version, step)


def _renew(session: Session, uri: str, version: int | None, changes: list[object]) -> None:
    """Take a document that was too large where its whole text is sent anew: a change to what was forgotten is none."""
    whole = as_object(changes[-1]) if changes else {}
    if whole and whole.get("range") is None:
        _take(session, uri=uri, version=version, language=session.oversized[uri], text=_string(whole, "text"))


def did_close(session: Session, params: dict[str, Any]) -> None:
    """Forget a document."""
    uri = _string(as_object(params.get("textDocument")), "uri")
    if session.oversized.pop(uri, None) is None:
        session.documents.close(uri)


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
    try:
        text.encode()  # much faster than to look for them
    except UnicodeEncodeError:
        return _HALVES.sub("\ufffd", text)
    return text
