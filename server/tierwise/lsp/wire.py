"""Messages in a stream of bytes: a header with the body's length, an empty line, the body.

Whatever arrives, a ``Framer`` neither raises nor stops: what it cannot read becomes a ``Fault`` and it goes on at the
next header it recognises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

HEADER_LIMIT = 8 * 1024
"""Bytes of header that are believed to be a header; real ones have under 100."""

BODY_LIMIT = 256 * 1024 * 1024
"""Bytes of body that are read at all. Editors send whole files, and stop offering language features near 50 MB."""

_NAME = b"content-length:"
_LENGTH = re.compile(rb"(?:^|\r\n)content-length:[ \t]*(\d{1,18})[ \t]*(?=\r\n|$)", re.IGNORECASE)
_HEADER = re.compile(rb"[!-9;-~]+:[^\r\n]*(?:\r\n[!-9;-~]+:[^\r\n]*)*")
_PLAIN = re.compile(rb"Content-Length: (\d{1,9})")


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes that are no message; ``reason`` quotes none of them."""

    reason: str


class Receiver(Protocol):
    """Takes what arrives, at once."""

    def __call__(self, message: bytes | Fault, /) -> None:
        """Take a message's body, or what could not be read as one."""
        ...


class Connection(Protocol):
    """One client, whatever the transport."""

    async def run(self, receive: Receiver) -> None:
        """Hand every message's body to ``receive`` until the client hangs up or ``close`` is called."""
        ...

    def send(self, body: bytes) -> None:
        """Queue a message; never waits."""
        ...

    def close(self) -> None:
        """Make ``run`` return."""
        ...

    async def hang_up(self) -> None:
        """Send what is queued and close."""
        ...


def frame(body: bytes) -> bytes:
    """Return the body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Framer:
    """Cuts a stream into messages. A body too long is skipped, a header that is none is searched for the next one."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body: int | None = None
        self._skip = 0
        self._lost = False

    def feed(self, data: bytes) -> Iterator[bytes | Fault]:
        """Take the next piece of the stream and yield what is complete."""
        self._buffer += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> bytes | Fault | None:
        if self._skip:
            dropped = min(self._skip, len(self._buffer))
            del self._buffer[:dropped]
            self._skip -= dropped
        if self._body is None:
            fault = self._read_header()
            if fault is not None:
                return fault
        if self._body is None or len(self._buffer) < self._body:
            return None
        body = bytes(memoryview(self._buffer)[: self._body])
        del self._buffer[: self._body]
        self._body = None
        return body

    def _read_header(self) -> Fault | None:
        """Set the next body's length where a header is complete; what is no header is told once while searching on."""
        while True:
            end = self._buffer.find(b"\r\n\r\n", 0, HEADER_LIMIT)
            if end < 0 and len(self._buffer) < HEADER_LIMIT:
                return None
            length = _length(bytes(self._buffer[:end])) if end >= 0 else None
            if length is not None:
                del self._buffer[: end + 4]
                return self._expect(length)
            self._search(end + 4 if end >= 0 else HEADER_LIMIT)
            if not self._lost:
                self._lost = True
                return Fault("there is no valid header where a message should start")

    def _expect(self, length: int) -> Fault | None:
        self._lost = False
        if length > BODY_LIMIT:
            self._skip = length
            return Fault(f"a message of {length} bytes is longer than the limit of {BODY_LIMIT}")
        self._body = length
        return None

    def _search(self, stop: int) -> None:
        """Drop up to the next thing that may be a header; where there is none, all but what may be the start of one."""
        at = self._buffer[: stop + len(_NAME)].lower().find(_NAME, 1)
        if at < 0:
            at = min(stop, max(1, len(self._buffer) - len(_NAME)))
        del self._buffer[:at]


def _length(header: bytes) -> int | None:
    if (plain := _PLAIN.fullmatch(header)) is not None:
        return int(plain[1])
    if _HEADER.fullmatch(header) is None:
        return None
    length = _LENGTH.search(header)
    return int(length[1]) if length else None
