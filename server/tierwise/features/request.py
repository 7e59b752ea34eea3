"""From the protocol's parameters to a task."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.uri import file_in, path_in
from tierwise.lsp import Code, RpcError, Session

if TYPE_CHECKING:
    from tierwise.engine import Engine


def document(session: Session, params: Mapping[str, Any]) -> Document:
    """Return the open document that the request names; raises ``RpcError``."""
    match params:
        case {"textDocument": {"uri": str(uri)}}:
            found = session.documents.get(uri)
        case _:
            raise RpcError(Code.INVALID_PARAMS, "the request names no document: textDocument.uri is missing")
    if found is None and uri in session.oversized:
        raise RpcError(Code.REQUEST_FAILED, f"{uri} is too large: Tierwise leaves it alone")
    if found is None:
        raise RpcError(Code.INVALID_PARAMS, f"{uri} is not open: send textDocument/didOpen first")
    return found


def enabled(engine: "Engine", task: Task) -> bool:
    """Whether the user left the feature and the kind switched on."""
    return engine.parts.overrides.of(task).enabled is not False


def root_of(session: Session, uri: str) -> str:
    """Return the path of the workspace root that holds the document, or an empty string."""
    path = file_in(uri)
    roots = (path_in(root) for root in session.roots) if path else ()
    return next((root for root in roots if path.startswith(root.rstrip("/") + "/")), "")


def new_id() -> str:
    """Return a fresh task id."""
    return uuid4().hex
