"""JSON-RPC 2.0: messages, errors, and the other side as somebody to answer, tell and ask."""

import asyncio
import json
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from typing import Any, TypeGuard, cast

Id = str | int


class Code(IntEnum):
    """Error codes of JSON-RPC 2.0 and of the language server protocol."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    SERVER_NOT_INITIALIZED = -32002
    REQUEST_FAILED = -32803
    SERVER_CANCELLED = -32802
    CONTENT_MODIFIED = -32801
    REQUEST_CANCELLED = -32800


class RpcError(Exception):
    """An error answer: raised by a handler to send one, and by ``Peer.request`` when one came."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def encode(message: object) -> bytes:
    """Return the message as ASCII JSON; raises ``TypeError`` or ``ValueError`` for what JSON cannot say."""
    return _encode(message).encode("ascii")


def decode(body: bytes) -> dict[str, Any]:
    """Return the message; raises ``RpcError`` where it is no JSON, or JSON but no message."""
    try:
        message: object = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise RpcError(Code.PARSE_ERROR, "the message is not valid JSON in UTF-8") from None
    if not isinstance(message, dict):
        raise RpcError(Code.INVALID_REQUEST, "a message is a JSON object; batches are not part of this protocol")
    return cast("dict[str, Any]", message)


def is_id(value: object) -> TypeGuard[Id]:
    """Whether the value can name a request, or a progress."""
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def as_object(value: object) -> dict[str, Any]:
    """Return the JSON object, an empty one where the value is something else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return the JSON array, an empty one where the value is something else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


class Peer:
    """The other end of the connection."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._asked: dict[Id, asyncio.Future[Any]] = {}
        self._ids = count(1)
        self._gone = False

    def answer(self, request: Id, result: object) -> None:
        """Send a result; raises ``TypeError`` or ``ValueError``, sending nothing, where JSON cannot say it."""
        self._send(encode({"jsonrpc": "2.0", "id": request, "result": result}))

    def refuse(self, request: Id | None, code: int, message: str, data: object = None) -> None:
        """Send an error."""
        error: dict[str, object] = {"code": int(code), "message": message}
        if data is not None:
            error["data"] = data
        self._send(encode({"jsonrpc": "2.0", "id": request, "error": error}))

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send(encode({"jsonrpc": "2.0", "method": method, "params": params}))

    def post(self, message: object) -> None:
        """Send a message that is complete already."""
        self._send(encode(message))

    async def request(self, method: str, params: object) -> Any:
        """Ask, and return the result; raises ``RpcError``. Giving up tells the other side."""
        if self._gone:
            raise _gone()
        request = f"tierwise-{next(self._ids)}"
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[request] = future
        try:
            self._send(encode({"jsonrpc": "2.0", "id": request, "method": method, "params": params}))
            return await future
        except asyncio.CancelledError:
            self.notify("$/cancelRequest", {"id": request})
            raise
        finally:
            del self._asked[request]

    def hear(self, response: dict[str, Any]) -> bool:
        """Take an answer to one of our requests; return False where we never asked."""
        request = response.get("id")
        future = self._asked.get(request) if is_id(request) else None
        if future is None:
            return False
        if not future.done():
            error = response.get("error")
            if error is None:
                future.set_result(response.get("result"))
            else:
                future.set_exception(_error(error))
        return True

    def hang_up(self) -> None:
        """End all waiting: nobody is there any more."""
        self._gone = True
        for future in self._asked.values():
            if not future.done():
                future.set_exception(_gone())


def _gone() -> RpcError:
    return RpcError(Code.REQUEST_CANCELLED, "the connection is closed")


def _error(error: object) -> RpcError:
    said = as_object(error)
    code, message = said.get("code"), said.get("message")
    return RpcError(
        code if isinstance(code, int) else Code.INTERNAL_ERROR,
        message if isinstance(message, str) else "",
        said.get("data"),
    )
