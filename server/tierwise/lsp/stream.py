"""A stream of bytes as the connection, driven by asyncio's transports: pipes and sockets."""

import asyncio
from collections import deque
from collections.abc import Iterable

from .wire import Fault, Framer, Receiver, frame

FLUSH_TIMEOUT = 1.0
"""Seconds to get the last messages out to a client that may have stopped reading."""


class StreamConnection(asyncio.Protocol):
    """Reads through itself as asyncio's protocol, writes through ``writer``.

    ``strict`` ends the connection at the first byte that is no message: what comes over the network may be a web page
    that posts to every port it can reach, and gets no second try.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._framer = Framer()
        self._receive: Receiver | None = None
        self._inbox: deque[bytes | Fault | None] = deque()
        self._busy = True
        self._ended = asyncio.Event()
        self._flushed = asyncio.Event()
        self.reader: asyncio.BaseTransport | None = None
        self.writer: asyncio.WriteTransport | None = None

    async def run(self, receive: Receiver) -> None:
        """Hand on every message until the stream ends, in either direction, or ``close`` is called."""
        self._receive = receive
        self._hand_on()
        await self._ended.wait()

    def send(self, body: bytes) -> None:
        """Give a message to the transport, which writes at once what it can and keeps the rest."""
        if self.writer is not None and not self.writer.is_closing():
            self.writer.write(frame(body))

    def close(self) -> None:
        """Stop reading."""
        self._ended.set()

    async def hang_up(self) -> None:
        """Write what is still waiting, then close both directions."""
        if self.reader is not None and self.reader is not self.writer:
            self.reader.close()
        if self.writer is not None:
            self.writer.close()
            try:
                async with asyncio.timeout(FLUSH_TIMEOUT):
                    await self._flushed.wait()
            except TimeoutError:
                self.writer.abort()

    def data_received(self, data: bytes) -> None:
        """Cut the bytes into messages."""
        self._take(self._framer.feed(data))

    def eof_received(self) -> bool:
        """The client says no more; what is still waiting is written all the same."""
        self._take((None,))
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The direction that this protocol reads from is closed."""
        self._take((None,))
        if self.reader is self.writer:
            self._flushed.set()

    def written(self) -> None:
        """The direction that ``writer`` writes to is closed."""
        self._ended.set()
        self._flushed.set()

    def _take(self, messages: Iterable[bytes | Fault | None]) -> None:
        self._inbox.extend(messages)
        if self._inbox and not self._busy:
            self._hand_on()

    def _hand_on(self) -> None:
        """Hand on one message, and the next only after what this one started has run up to its first ``await``.

        A request must see the documents as they were when it was sent, also when the next change came in the same
        piece of the stream.
        """
        self._busy = bool(self._inbox) and not self._ended.is_set()
        if not self._busy or self._receive is None:
            return
        message = self._inbox.popleft()
        if message is None:
            self.close()
            return
        self._receive(message)
        if self._strict and isinstance(message, Fault):
            self.close()
        if self._inbox:
            asyncio.get_running_loop().call_soon(self._hand_on)
        else:
            self._busy = False


class PipeWriter(asyncio.BaseProtocol):
    """The writing half where it is a pipe of its own."""

    def __init__(self, connection: StreamConnection) -> None:
        self._connection = connection

    def connection_lost(self, exc: Exception | None) -> None:
        """All is written, or nobody reads any more."""
        self._connection.written()
