"""pygls behind our own reader: everything that is not on the fast path, with the protocol's types.

Importing this module costs about 0.4 s; the server does it in a background thread.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cattrs.errors import BaseValidationError
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from tierwise import __version__

from .inflight import Inflight
from .rpc import Code, Peer
from .session import Session

if TYPE_CHECKING:
    from cattrs import Converter

    from . import Feature

log = logging.getLogger(__name__)

_INITIALIZE = "tierwise-initialize"


def converter_for(initialize: dict[str, Any]) -> "Converter":
    """Return what reads and writes the protocol's types; this takes tens of milliseconds, so call it in a thread.

    It has read the client's ``initialize`` once, because it learns each type at the first sight of it.
    """
    converter = default_converter()
    message = {"jsonrpc": "2.0", "id": _INITIALIZE, "method": "initialize", "params": initialize}
    with suppress(BaseValidationError):  # whoever reads it in earnest tells what is wrong
        converter.structure(message, types.InitializeRequest)
    return converter


class Bridge(LanguageServerProtocol):
    """pygls' protocol without its streams: it is handed messages, and what it says goes out through our peer."""

    emit: Callable[[dict[str, Any]], None]

    def deliver(self, message: dict[str, Any]) -> None:
        """Handle a message; raises ``JsonRpcException`` where it does not follow its type.

        A notification with an id would be handled and never answered.
        """
        structured: Any = self.structure_message(message)
        if "method" in message and message.get("id") is not None and not hasattr(structured, "id"):
            raise JsonRpcInvalidRequest
        self.handle_message(structured)

    def knows(self, method: str) -> bool:
        """Whether anybody handles the method."""
        try:
            self._get_handler(method)
        except JsonRpcMethodNotFound:
            return False
        return True

    def _send_data(self, data: Any) -> None:
        if getattr(data, "id", None) == _INITIALIZE:
            return  # the client has its answer; writing this one would take tens of milliseconds
        self.emit(self._converter.unstructure(data))


class TypedServer(LanguageServer):
    """pygls' server; its own error reports would show the user tracebacks with code in them."""

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log what failed, without its text."""
        log.error("a typed handler failed: %s", type(error).__name__)


class Typed:
    """Features' typed handlers, fed with plain messages."""

    def __init__(self, peer: Peer, inflight: Inflight, session: Session, converter: "Converter") -> None:
        self._peer = peer
        self._inflight = inflight
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._server = TypedServer("tierwise", __version__, protocol_cls=Bridge, converter_factory=lambda: converter)
        assert isinstance(self._server.protocol, Bridge)
        self._bridge = self._server.protocol
        self._bridge.emit = self._emit

    def open(self, initialize: dict[str, Any], features: Sequence["Feature"]) -> None:
        """Let pygls hear the ``initialize`` that was answered already, and every feature register."""
        for feature in features:
            if feature.register is not None:
                feature.register(self._server, self._session)
        self._bridge.deliver({"jsonrpc": "2.0", "id": _INITIALIZE, "method": "initialize", "params": initialize})

    def hear(self, message: dict[str, Any]) -> None:
        """Handle a message; a request that pygls cannot read or does not know is answered here."""
        request, method = message.get("id"), message.get("method")
        if method is not None and not self._bridge.knows(method):
            if request is not None and self._inflight.settle(request):
                self._peer.refuse(request, Code.METHOD_NOT_FOUND, f"there is no method {method}")
            return
        try:
            self._bridge.deliver(message)
        except JsonRpcException as error:
            log.warning("%s: the message does not follow its type", method)
            if method is not None and request is not None and self._inflight.settle(request):
                self._peer.refuse(request, error.code, f"the message does not follow the type of {method}")

    def cancel(self, request: str | int) -> None:
        """Cancel a request's handler; its answer has been given."""
        self._bridge.deliver({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": request}})

    def close(self) -> None:
        """End pygls' threads."""
        self._server.shutdown()

    def _emit(self, message: dict[str, Any]) -> None:
        """Send what pygls says; handlers in threads say it there."""
        if threading.get_ident() == self._thread:
            self._send(message)
        else:
            self._loop.call_soon_threadsafe(self._send, message)

    def _send(self, message: dict[str, Any]) -> None:
        request = message.get("id")
        if "method" not in message:
            if request is None or not self._inflight.settle(request):
                return
            error = message.get("error")
            if error is not None and error["code"] == types.ErrorCodes.InternalError:
                # pygls would send the exception's text and traceback, which may hold code.
                message = {**message, "error": {"code": error["code"], "message": "the request failed"}}
        self._peer.post(message)
