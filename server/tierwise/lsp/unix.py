"""A Unix socket as the connection: only this user's processes may connect, and one of them does."""

import asyncio
import os
import socket
import stat
import struct
import sys
from pathlib import Path

from .stream import StreamConnection
from .wire import Connection


class SocketPathError(OSError):
    """The socket cannot stand at the path; the message is for the user."""


async def unix(path: Path) -> Connection:
    """Listen at the path, and return the first client; raises ``SocketPathError`` and ``OSError``.

    The socket can be opened by its owner only, and the kernel is asked who is at the other end where it can tell. A
    socket that nobody listens at any more is replaced, any other file is left alone.
    """
    _clear(path)
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[StreamConnection] = loop.create_future()

    class Guest(StreamConnection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            if arrived.done() or not _is_own(transport):
                transport.abort()
                return
            self.reader = self.writer = transport
            arrived.set_result(self)

    before = os.umask(0o177)
    try:
        server = await loop.create_unix_server(lambda: Guest(strict=True), path)
    finally:
        os.umask(before)
    sys.stderr.write(f"listening on unix:{path}\n")
    sys.stderr.flush()
    try:
        return await arrived
    finally:
        server.close()
        _remove(path)


def _clear(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise SocketPathError(f"{path} exists and is no socket; choose another path")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise SocketPathError(f"somebody listens at {path} already; choose another path")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _is_own(transport: asyncio.Transport) -> bool:
    """Whether the process at the other end is this user's; where the kernel does not tell, the permissions decide."""
    option: int | None = getattr(socket, "SO_PEERCRED", None)
    end: socket.socket | None = transport.get_extra_info("socket")
    if option is None or end is None:
        return True
    _, user, _ = struct.unpack("3i", end.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return user == os.getuid()
