"""The protocol's words in core's."""

from tierwise.core.document import Document
from tierwise.core.task import Diagnostic

from .positions import Encoding, read_span
from .rpc import RpcError, as_list, as_object

_SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}


def read_diagnostics(value: object, document: Document, encoding: Encoding) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a document, as ``codeAction`` brings them; malformed ones are left out."""
    found: list[Diagnostic] = []
    for item in as_list(value):
        diagnostic = _diagnostic(item, document, encoding)
        if diagnostic is not None:
            found.append(diagnostic)
    return tuple(found)


def _diagnostic(item: object, document: Document, encoding: Encoding) -> Diagnostic | None:
    said = as_object(item)
    try:
        span = read_span(said.get("range"), document.text, encoding)
    except RpcError:
        return None
    code, severity = said.get("code"), said.get("severity")
    return Diagnostic(
        uri=document.uri,
        span=span,
        message=str(said.get("message", "")),
        severity=_SEVERITIES.get(severity, "error") if isinstance(severity, int) else "error",
        source=str(said.get("source") or ""),
        code="" if code is None else str(code),
    )
