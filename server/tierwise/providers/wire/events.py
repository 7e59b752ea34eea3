"""Server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html has them, payloads only."""

from collections.abc import Iterator

MAX_EVENT = 8 * 2**20
"""Bytes; ten times the longest event a vendor sends (the whole answer again), so that garbage cannot fill memory."""


MARK = b"\xef\xbb\xbf"
"""A byte order mark, which the format allows at the start."""


class OversizeError(ValueError):
    """More bytes without an event's end than any vendor sends."""


class Events:
    """Cuts a byte stream into events; feed it the stream's chunks wherever they happen to be cut."""

    __slots__ = ("_rest", "_started")

    def __init__(self) -> None:
        self._rest = b""
        self._started = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of each event that the chunk completes; raises ``OversizeError``."""
        text = self._rest + chunk
        if not self._started:
            if len(text) < len(MARK) and MARK.startswith(text):
                self._rest = text
                return
            text, self._started = text.removeprefix(MARK), True
        held = b""
        if b"\r" in text:
            if text.endswith(b"\r"):
                text, held = text[:-1], b"\r"  # its "\n" may be in the next chunk
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *events, rest = text.split(b"\n\n")
        if len(rest) > MAX_EVENT:
            raise OversizeError(f"no event ended within {MAX_EVENT} bytes")
        self._rest = rest + held
        for event in events:
            data = _data(event)
            if data:
                yield data

    def end(self) -> Iterator[bytes]:
        """Yield the last event's data where the stream ended without the empty line that completes an event."""
        data = _data(self._rest)
        self._rest = b""
        if data:
            yield data


def _data(event: bytes) -> bytes:
    """Return the event's payload; names, ids and comments are left out, as every vendor repeats them in it."""
    if event.startswith(b"data: ") and b"\n" not in event:
        return event[6:]
    lines = (line[5:].removeprefix(b" ") for line in event.split(b"\n") if line.startswith(b"data:"))
    return b"\n".join(lines)
