"""Standard input and output as the connection; nothing but the protocol ever gets onto standard output."""

import asyncio
import os
import queue
import stat
import sys
import threading

from .stream import FLUSH_TIMEOUT, PipeWriter, StreamConnection
from .wire import Connection, frame

CHUNK = 256 * 1024
"""Bytes that a thread reads at most at once."""


async def stdio() -> Connection:
    """Take over standard input and output.

    The real ones move to descriptors of our own. Descriptor 1 becomes standard error, so that a stray ``print`` cannot
    corrupt the protocol; descriptor 0 becomes empty, so that a child process cannot eat from it.
    """
    sys.stdout.flush()
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if os.name == "posix" and _are_pipes(source, sink):
        return await _open_pipes(source, sink)
    _set_binary(source, sink)
    return ThreadConnection(source, sink)


def _are_pipes(source: int, sink: int) -> bool:
    """Whether asyncio can drive both: pipes, or the socket pairs that Node gives its children.

    One socket for both directions is neither: asyncio takes what arrives on the output's side for a hang-up.
    """
    stats = [os.fstat(descriptor) for descriptor in (source, sink)]
    return all(stat.S_ISFIFO(each.st_mode) or stat.S_ISSOCK(each.st_mode) for each in stats) and not os.path.samestat(
        *stats
    )


async def _open_pipes(source: int, sink: int) -> StreamConnection:
    loop = asyncio.get_running_loop()
    connection = StreamConnection()
    connection.writer, _ = await loop.connect_write_pipe(lambda: PipeWriter(connection), os.fdopen(sink, "wb", 0))
    connection.reader, _ = await loop.connect_read_pipe(lambda: connection, os.fdopen(source, "rb", 0))
    return connection


def _set_binary(*descriptors: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        for descriptor in descriptors:
            msvcrt.setmode(descriptor, os.O_BINARY)


class ThreadConnection(StreamConnection):
    """Descriptors that can only be waited for in threads: Windows' pipes, terminals, regular files."""

    def __init__(self, source: int, sink: int) -> None:
        super().__init__()
        self._source = source
        self._sink = sink
        self._loop = asyncio.get_running_loop()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._write_thread = threading.Thread(target=self._write, name="stdout", daemon=True)
        self._write_thread.start()
        # A thread that waits in a read cannot be told to stop: as a daemon it does not keep the process.
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    def send(self, body: bytes) -> None:
        """Queue a message for the thread."""
        self._outbox.put(frame(body))

    async def hang_up(self) -> None:
        """Wait until the thread has written what is queued."""
        self._outbox.put(None)
        await asyncio.to_thread(self._write_thread.join, FLUSH_TIMEOUT)

    def _read(self) -> None:
        try:
            while data := os.read(self._source, CHUNK):
                self._loop.call_soon_threadsafe(self.data_received, data)
            self._loop.call_soon_threadsafe(self.eof_received)
        except (OSError, RuntimeError):
            # The terminal is gone, or the loop has ended while this thread waited.
            self._end()

    def _write(self) -> None:
        try:
            while (data := self._outbox.get()) is not None:
                view = memoryview(data)
                while view:
                    view = view[os.write(self._sink, view) :]
        except OSError:
            self._end()

    def _end(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self.close)
        except RuntimeError:
            pass  # the loop has ended already
