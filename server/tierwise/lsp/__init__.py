"""The protocol's edge: bytes in, plain dicts to features, plain dicts out.

How a feature plugs in
----------------------
A feature is a ``Feature`` value. It fills in the parts it has and leaves the rest empty::

    def feature(house: House) -> Feature:
        completion = Completion(house)
        return Feature(
            name="inline_completion",
            capabilities=lambda client: {"inlineCompletionProvider": True},
            requests={"textDocument/inlineCompletion": completion.answer},
            commands={"tierwise.accepted": completion.accepted},
        )

    asyncio.run(serve(await stdio(), [feature(house), ...], house.open))

``capabilities`` is asked while ``initialize`` waits, so the module that holds it imports nothing heavy; what all
features return is merged (dicts deeply, lists joined) and the names in ``commands`` are advertised by themselves.

``requests``, ``notifications`` and ``commands`` get the session and the message's ``params`` (a command: its list of
arguments) as plain JSON values. A request handler is a coroutine function whose result is plain JSON; it runs as a
task of its own that ``$/cancelRequest`` cancels. It raises ``RpcError`` to answer with an error of its choice; any
other exception is answered with ``-32603`` and logged without its text. A notification handler is a plain function
that returns at once; several features may hear one notification. Handlers start in the order of the messages, after
``didOpen`` and ``didChange`` have been applied: take ``session.documents`` snapshots before the first ``await``.

``register`` is for whatever is nicer with the protocol's types: it is called once, when pygls has been imported in the
background, and may use ``@server.feature`` and ``@server.command``. Such messages queue until then, and see the
documents as they are then. pygls hears no document changes: its ``server.workspace`` is empty, ``session.documents`` is
the truth. What is registered there must be advertised through ``capabilities`` all the same.

``lifespan`` (the last argument of ``serve``) is an async context manager that is entered in the background right after
``initialize`` is answered and left before the server ends: build the engine there. Handlers that need it wait for it
themselves; a handler that can answer without does not wait.

Everything a handler may do is on the ``Session``: ``documents``, ``encoding``, ``newest``, ``notify``, ``request``,
``show_message``, ``progress``, ``apply_edit``, ``configuration``. ``positions``, ``read`` and ``write`` turn the
protocol's words into core's and back.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .dialect import Dialect
from .rpc import Code, RpcError
from .session import Session

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

__all__ = [
    "Code",
    "CommandHandler",
    "Dialect",
    "Feature",
    "Lifespan",
    "NotificationHandler",
    "RequestHandler",
    "RpcError",
    "Session",
]

RequestHandler = Callable[[Session, dict[str, Any]], Awaitable[object]]
NotificationHandler = Callable[[Session, dict[str, Any]], None]
CommandHandler = Callable[[Session, list[Any]], Awaitable[object]]
Lifespan = Callable[[Session], AbstractAsyncContextManager[None]]


def _nothing(_client: Mapping[str, Any]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing an editor can ask, as the server sees it; every part but the name may be left out."""

    name: str
    capabilities: Callable[[Mapping[str, Any]], dict[str, Any]] = _nothing
    """Takes the client's capabilities, returns this feature's part of the server's."""
    requests: Mapping[str, RequestHandler] = field(default_factory=dict[str, RequestHandler])
    notifications: Mapping[str, NotificationHandler] = field(default_factory=dict[str, NotificationHandler])
    commands: Mapping[str, CommandHandler] = field(default_factory=dict[str, CommandHandler])
    dialect: Dialect = Dialect.PLAIN
    """Served to clients of this dialect only; what is plain is served to all."""
    register: "Callable[[LanguageServer, Session], None] | None" = None
