"""A socket as the connection: TCP, and WebSocket for editors in a browser. One client, then the door shuts."""

import asyncio
import ipaddress
import re
import socket
import sys
from typing import TYPE_CHECKING

from .stream import StreamConnection
from .wire import Connection, Receiver

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

LOOPBACK_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
"""Pages that may connect: a browser lets every web page open a WebSocket to this machine and only we can refuse it."""


class OpenDoorError(Exception):
    """The address would let other machines in, and nobody said that it may; the message is for the user."""


async def tcp(host: str, port: int, *, public: bool = False) -> Connection:
    """Listen, and return the first client; port 0 takes a free one. Where it listens is told on standard error.

    Raises ``OpenDoorError`` for an address beyond loopback unless ``public``, ``OSError`` where it cannot listen.
    """
    check_loopback(host, public=public)
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[StreamConnection] = loop.create_future()

    class Guest(StreamConnection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            if arrived.done():
                transport.abort()
                return
            self.reader = self.writer = transport
            arrived.set_result(self)

    server = await loop.create_server(lambda: Guest(strict=True), host, port)
    _announce("tcp", server.sockets)
    try:
        return await arrived
    finally:
        server.close()


async def ws(host: str, port: int, *, public: bool = False) -> Connection:
    """Listen for a WebSocket, and return the first client; as ``tcp``. Raises ``ImportError`` without ``websockets``.

    Pages from elsewhere than loopback are refused; ``public`` lets all in.
    """
    from websockets.asyncio.server import serve

    check_loopback(host, public=public)
    arrived: asyncio.Future[WsConnection] = asyncio.get_running_loop().create_future()

    async def greet(socket: "ServerConnection") -> None:
        if arrived.done():
            await socket.close(1013, "somebody is served already")
            return
        connection = WsConnection(socket)
        arrived.set_result(connection)
        await connection.ended.wait()

    server = await serve(greet, host, port, origins=None if public else [None, LOOPBACK_ORIGIN], max_size=None)
    _announce("ws", server.sockets)
    connection = await arrived
    server.close(close_connections=False)
    return connection


def check_loopback(host: str, *, public: bool) -> None:
    """Raise ``OpenDoorError`` where the host is not this machine alone and ``public`` is not said."""
    if public or host == "localhost":
        return
    try:
        safe = ipaddress.ip_address(host).is_loopback
    except ValueError:
        safe = False
    if not safe:
        raise OpenDoorError(f"{host} is not a loopback address: anybody who reaches it could use your models and keys")


def _announce(scheme: str, sockets: "tuple[socket.socket, ...] | list[socket.socket]") -> None:
    for each in sockets:
        host, port = each.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"listening on {scheme}://{shown}:{port}\n")
        sys.stderr.flush()


class WsConnection:
    """A WebSocket: each message is one JSON text, without a header."""

    def __init__(self, socket: "ServerConnection") -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._writing = asyncio.get_running_loop().create_task(self._write())
        self.ended = asyncio.Event()

    async def run(self, receive: Receiver) -> None:
        """Hand on every message until the socket closes."""
        reading = asyncio.get_running_loop().create_task(self._read(receive))
        ended = asyncio.get_running_loop().create_task(self.ended.wait())
        await asyncio.wait((reading, ended), return_when=asyncio.FIRST_COMPLETED)
        reading.cancel()
        ended.cancel()

    def send(self, body: bytes) -> None:
        """Queue a message."""
        self._outbox.put_nowait(body)

    def close(self) -> None:
        """Stop reading."""
        self.ended.set()

    async def hang_up(self) -> None:
        """Send what is queued and close."""
        self._outbox.put_nowait(None)
        await self._writing
        self.ended.set()
        await self._socket.close()

    async def _read(self, receive: Receiver) -> None:
        async for message in self._socket:
            receive(message.encode() if isinstance(message, str) else message)
            # Let what this message started run up to its first wait before the next one changes a document.
            await asyncio.sleep(0)

    async def _write(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            while (body := await self._outbox.get()) is not None:
                await self._socket.send(body, text=True)
        except ConnectionClosed:
            self.ended.set()
