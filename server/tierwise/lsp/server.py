"""The server's life: messages in, to whom they belong, and an orderly end."""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from tierwise.core.garbage import loading
from tierwise.workspace.documents import UnknownDocumentError

from . import CommandHandler, Dialect, Feature, Lifespan, NotificationHandler, RequestHandler, hot
from .capabilities import initialize_result
from .inflight import Inflight
from .relay import Relay
from .rpc import Code, Id, Peer, RpcError, as_list, as_object, decode, is_id
from .session import Level, Session
from .slow import SlowLane
from .wire import Connection, Fault

log = logging.getLogger(__name__)

SWITCH_INTERVAL = 0.0005
"""Seconds that a thread computes until the event loop gets its turn. With Python's own 5 ms a keystroke takes 10 ms
while the heavy imports run in the background, with this about 1 ms."""

_NOTHING = frozenset(f"textDocument/{name}" for name in ("hover", "completion", "inlineCompletion", "codeAction"))
"""What editors ask by themselves and take nothing for an answer to: an error would be shown, at every key."""

CLOSING_TIMEOUT = 1.5
"""Seconds to cancel what runs and leave the lifespan; editors kill a server about 2 s after ``shutdown``."""


async def serve(
    connection: Connection,
    features: Sequence[Feature],
    lifespan: Lifespan | None = None,
    dialect: Dialect | None = None,
) -> int:
    """Serve one client until it leaves; return the exit code: 0 after ``shutdown``, 1 without.

    ``dialect`` is what the client speaks where it is not to be found out.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    server = Server(connection, features, lifespan, dialect)
    try:
        await connection.run(server.receive)
    finally:
        await server.close()
        await connection.hang_up()
    return server.exit_code


class Server:
    """Looks each message up by its method: first in the features' tables of plain handlers, then in pygls."""

    def __init__(
        self,
        connection: Connection,
        features: Sequence[Feature],
        lifespan: Lifespan | None,
        dialect: Dialect | None = None,
    ) -> None:
        self._connection = connection
        self._features = features
        self._dialect = dialect
        self._lifespan = lifespan
        self._peer = Peer(connection.send)
        self._inflight = Inflight(self._peer)
        self._slow = SlowLane(self._peer, self._inflight)
        self._session: Session | None = None
        self._shut = False
        self._closing = asyncio.Event()
        self._living: set[asyncio.Task[None]] = set()
        self._loading: asyncio.Task[None] | None = None
        self._commands: dict[str, CommandHandler] = {}
        self._requests: dict[str, RequestHandler] = {}
        self._notifications: dict[str, list[NotificationHandler]] = {}
        self._serve(Dialect.PLAIN)

    @property
    def exit_code(self) -> int:
        """What the process ends with."""
        return 0 if self._shut else 1

    def _serve(self, dialect: Dialect) -> Sequence[Feature]:
        """Return the features that clients of the dialect are served, and answer by them from now on."""
        served = [feature for feature in self._features if feature.dialect in (Dialect.PLAIN, dialect)]
        self._commands = _table(served, lambda feature: feature.commands)
        self._requests = _table(served, lambda feature: feature.requests)
        self._notifications = self._listeners(served)
        return served

    def receive(self, message: bytes | Fault) -> None:
        """Take one message; whatever it holds, a request in it is answered and the server goes on."""
        if isinstance(message, Fault):
            log.warning("%s", message.reason)
            self._peer.refuse(None, Code.PARSE_ERROR, message.reason)
            return
        request: object = None
        try:
            said = decode(message)
            request = said.get("id") if "method" in said else None
            self._dispatch(said)
        except RpcError as error:
            log.warning("a message was refused: %s", error.message)
            self._peer.refuse(request if is_id(request) else None, error.code, error.message)
        except Exception as error:
            log.exception("a message could not be handled")
            if is_id(request):
                self._peer.refuse(request, Code.INTERNAL_ERROR, f"the request failed: {type(error).__name__}")

    async def close(self) -> None:
        """Cancel what runs, leave the lifespan, let go of the client."""
        self._peer.hang_up()
        await self._wind_down()
        for task in self._living:
            task.cancel()
        self._slow.close()

    async def _wind_down(self) -> None:
        """Cancel every request, then leave the lifespan; what takes too long is left behind."""
        self._closing.set()
        self._inflight.cancel_all()
        if self._loading is not None:
            self._loading.cancel()
        own = (self._living | self._inflight.tasks) - {asyncio.current_task()}
        late = (await asyncio.wait(own, timeout=CLOSING_TIMEOUT))[1] if own else None
        if late:
            log.warning("%s tasks did not end within %s s", len(late), CLOSING_TIMEOUT)

    def _dispatch(self, message: dict[str, Any]) -> None:
        method, request = message.get("method"), message.get("id")
        if method is None and ("result" in message or "error" in message):
            if not self._peer.hear(message):
                self._slow.hear(message)
        elif not isinstance(method, str):
            raise RpcError(Code.INVALID_REQUEST, "a message has a method or is an answer")
        elif "id" not in message:
            self._notified(method, message)
        elif is_id(request):
            self._requested(request, method, message)
        else:
            raise RpcError(Code.INVALID_REQUEST, "a request's id is a string or a whole number")

    # Requests

    def _requested(self, request: Id, method: str, message: dict[str, Any]) -> None:
        self._check(request, method, message)
        params = as_object(message.get("params"))
        session = self._session
        if session is None:
            self._initialize(request, params)
            return
        handler = self._requests.get(method)
        if method in _NOTHING and session.leaves_alone(params):
            self._peer.answer(request, None)
        elif handler is not None:
            self._inflight.start(request, method, partial(handler, session, params))
        elif method == "workspace/executeCommand" and str(params.get("command")) in self._commands:
            self._execute(request, session, params)
        elif method == "shutdown":
            self._shut = True
            self._spawn(self._shutdown(request))
        elif method in self._notifications or method == "exit":
            raise RpcError(Code.INVALID_REQUEST, f"{method} is a notification: it has no id")
        else:
            self._slow.request(request, message)

    def _check(self, request: Id, method: str, message: dict[str, Any]) -> None:
        """Raise ``RpcError`` where a request cannot be taken."""
        if not isinstance(message.get("params", {}) or {}, dict):
            raise RpcError(Code.INVALID_PARAMS, f"the params of {method} are an object")
        if request in self._inflight:
            raise RpcError(Code.INVALID_REQUEST, "a request with this id is not answered yet")
        if self._shut:
            raise RpcError(Code.INVALID_REQUEST, "the server is shutting down")
        if self._session is None and method != "initialize":
            raise RpcError(Code.SERVER_NOT_INITIALIZED, "the server is not initialized")
        if self._session is not None and method == "initialize":
            raise RpcError(Code.INVALID_REQUEST, "the server is initialized already")

    def _initialize(self, request: Id, params: dict[str, Any]) -> None:
        """Answer at once; only then import what is heavy."""
        session = Session(self._peer, params, self._dialect)
        features = self._serve(session.dialect)
        session.relay = Relay(self._requests, self._notifications, self._commands)
        self._peer.answer(request, initialize_result(features, session))
        self._session = session
        self._spawn(self._live(session))
        self._loading = asyncio.get_running_loop().create_task(self._slow.load(features, session, params))

    def _execute(self, request: Id, session: Session, params: dict[str, Any]) -> None:
        handler = self._commands[params["command"]]
        self._inflight.start(request, params["command"], partial(handler, session, as_list(params.get("arguments"))))

    async def _shutdown(self, request: Id) -> None:
        await self._wind_down()
        self._peer.answer(request, None)

    # Notifications

    def _listeners(self, features: Sequence[Feature]) -> dict[str, list[NotificationHandler]]:
        table: dict[str, list[NotificationHandler]] = {
            "textDocument/didOpen": [hot.did_open],
            "textDocument/didChange": [hot.did_change],
            "textDocument/didClose": [hot.did_close],
            "textDocument/didSave": [],
            "workspace/didChangeWorkspaceFolders": [hot.did_change_folders],
            "initialized": [lambda session, _params: session.set_initialized()],
            "$/setTrace": [],
            "$/cancelRequest": [self._cancel],
        }
        for feature in features:
            for method, handler in feature.notifications.items():
                table.setdefault(method, []).append(handler)
        return table

    def _notified(self, method: str, message: dict[str, Any]) -> None:
        if method == "exit":
            self._connection.close()
            return
        session = self._session
        if session is None or self._shut:
            return
        params = as_object(message.get("params"))
        if method == "window/workDoneProgress/cancel" and self._cancel_progress(session, params):
            return
        handlers = self._notifications.get(method)
        if handlers is None:
            self._slow.hear(message)
            return
        for handler in handlers:
            self._tell(method, handler, session, params)

    def _tell(self, method: str, handler: NotificationHandler, session: Session, params: dict[str, Any]) -> None:
        try:
            handler(session, params)
        except RpcError as error:
            log.warning("%s: %s", method, error.message)
        except UnknownDocumentError:
            log.warning("%s: the document is not open", method)
        except Exception:
            log.exception("%s failed", method)

    def _cancel(self, _session: Session, params: dict[str, Any]) -> None:
        request = params.get("id")
        if is_id(request):
            self._inflight.cancel(request)

    def _cancel_progress(self, session: Session, params: dict[str, Any]) -> bool:
        token = params.get("token")
        progress = session.progresses.get(token) if is_id(token) else None
        if progress is not None:
            progress.cancel()
        return progress is not None

    # What runs in the background

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._living.add(task)
        task.add_done_callback(self._living.discard)

    async def _live(self, session: Session) -> None:
        """Enter the lifespan and stay in it until the server closes."""
        if self._lifespan is None:
            return
        async with AsyncExitStack() as stack:
            try:
                with loading():
                    await stack.enter_async_context(self._lifespan(session))
            except Exception as error:
                log.exception("the server could not be built")
                session.show_message(f"Tierwise could not start: {type(error).__name__}; see its log.", Level.ERROR)
            await self._closing.wait()


def _table(features: Sequence[Feature], part: Callable[[Feature], Mapping[str, Any]]) -> dict[str, Any]:
    """Join the features' tables; raises ``ValueError`` where two claim one name."""
    table: dict[str, Any] = {}
    for feature in features:
        for name, handler in part(feature).items():
            if name in table:
                raise ValueError(f"two features answer {name}")
            table[name] = handler
    return table
