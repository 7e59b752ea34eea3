"""``getCompletions`` and its like, from the time before inline completion was in the protocol."""

from dataclasses import dataclass
from typing import Any

from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.features.suggestions.dressing import id_of
from tierwise.lsp import Code, RpcError, Session
from tierwise.lsp.positions import read_position, read_span, write_span
from tierwise.lsp.rpc import as_object
from tierwise.workspace.documents import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was asked, in the words of ``textDocument/inlineCompletion``."""

    session: Session
    params: dict[str, Any]
    document: Document
    position: Any


def read(session: Session, params: dict[str, Any]) -> Read:
    """Read ``{doc: {uri, position, version, source?, ...}}``; raises ``RpcError``.

    Some clients send the text along in ``source`` instead of opening the document.
    """
    doc = as_object(params.get("doc"))
    uri = doc.get("uri")
    if not isinstance(uri, str):
        raise RpcError(Code.INVALID_PARAMS, "the request names no document: doc.uri is missing")
    document = _held(session, uri, doc)
    asked: dict[str, Any] = {"textDocument": {"uri": uri}, "position": doc.get("position")}
    if isinstance(doc.get("tabSize"), int) and isinstance(doc.get("insertSpaces"), bool):
        asked["formattingOptions"] = {"tabSize": doc["tabSize"], "insertSpaces": doc["insertSpaces"]}
    return Read(session=session, params=asked, document=document, position=doc.get("position"))


def _held(session: Session, uri: str, doc: dict[str, Any]) -> Document:
    held, source = session.documents.get(uri), doc.get("source")
    version = doc.get("version") if isinstance(doc.get("version"), int) else None
    if held is None:
        if not isinstance(source, str):
            raise RpcError(Code.INVALID_PARAMS, f"{uri} is not open: send textDocument/didOpen first")
        language = doc.get("languageId")
        held = Document(
            uri=uri, version=version, language=language if isinstance(language, str) else "", text=Text.of(source)
        )
        session.documents.open(held)
    elif isinstance(source, str) and source != str(held.text):
        session.documents.replace(uri, version, Change(span=None, new_text=source, text=Text.of(source)))
        held = session.documents.get(uri) or held
    return held


def completion(item: dict[str, Any], asked: Read) -> dict[str, Any]:
    """Return an item as a completion: ``text`` from the line's start to its end, ``displayText`` what is new."""
    text, span = _whole_line(item, asked)
    return {
        "uuid": id_of(item),
        "text": text,
        "range": span,
        "displayText": item["insertText"],
        "position": asked.position,
        "docVersion": asked.document.version,
    }


def solution(item: dict[str, Any], asked: Read) -> dict[str, Any]:
    """Return an item as one of a panel's."""
    text, span = _whole_line(item, asked)
    return {
        "solutionId": id_of(item),
        "completionText": text,
        "displayText": item["insertText"],
        "range": span,
        "score": 0,
    }


def _whole_line(item: dict[str, Any], asked: Read) -> tuple[str, dict[str, Any]]:
    """Return the text that replaces the line up to where the item ends, and its range: these clients insert lines."""
    text, encoding = asked.document.text, asked.session.encoding
    place = read_position(asked.position, text, encoding)
    span = read_span(item["range"], text, encoding)
    before = text.line(place.line)[: span.start.column]
    return before + item["insertText"], write_span(Span(Position(place.line, 0), span.end), text, encoding)
