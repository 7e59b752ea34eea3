"""One client's connection: HTTP/1.1 through h11, one request at a time, and word at once when the client leaves."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import h11

from . import faults

Answer = Callable[["Connection", str, str, dict[str, str], bytes], Awaitable[None]]

EVENT_STREAM = "text/event-stream; charset=utf-8"


class Connection(asyncio.Protocol):
    """Feeds requests to ``answer`` and writes what it says; ``everyone`` holds the open connections."""

    def __init__(self, answer: Answer, everyone: set["Connection"], name: str) -> None:
        self._answer = answer
        self._everyone = everyone
        self._name = name
        self._http = h11.Connection(h11.SERVER)
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._lost: Callable[[], None] | None = None
        self._head: h11.Request | None = None
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._everyone.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End whatever is being said to a client that is gone."""
        self._everyone.discard(self)
        if self._lost is not None:
            self._lost()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        self._http.receive_data(data)
        self._advance()

    def eof_received(self) -> bool:
        """Treat a half-closed connection as closed, as the vendors' front ends do."""
        return False

    def on_lost(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` the moment the client leaves before the answer has ended."""
        self._lost = tell

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Write the response's head."""
        self._write(h11.Response(status_code=status, headers=list(headers.items())))

    def stream(self, headers: Mapping[str, str] | None = None) -> None:
        """Write the head of an event stream."""
        self.begin(200, {"content-type": EVENT_STREAM, "cache-control": "no-cache", **(headers or {})})

    def say(self, data: bytes) -> None:
        """Write a piece of the body."""
        if data:
            self._write(h11.Data(data=data))

    def finish(self) -> None:
        """End the response; the connection stays for the next request."""
        self._lost = None
        self._write(h11.EndOfMessage())

    def respond(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Write a whole response, of JSON where the headers do not say otherwise."""
        self.begin(status, {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})})
        self.say(body)
        self.finish()

    def hang_up(self) -> None:
        """Close without ending the response."""
        if self._transport is not None:
            self._lost = None
            self._transport.close()

    def reset(self) -> None:
        """Close with a TCP reset."""
        if self._transport is not None:
            self._lost = None
            faults.reset(self._transport)

    def abort(self) -> None:
        """Close at once, because the server ends."""
        self._lost = None
        if self._transport is not None:
            self._transport.abort()

    def _write(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data and self._transport is not None:
            self._transport.write(data)

    def _advance(self) -> None:
        try:
            while True:
                event = self._http.next_event()
                if event is h11.NEED_DATA or event is h11.PAUSED:
                    return
                self._take(event)
        except h11.RemoteProtocolError:
            self.abort()

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                self._head, self._body = event, bytearray()
            case h11.Data():
                self._body += event.data
            case h11.EndOfMessage():
                self._task = asyncio.get_running_loop().create_task(self._serve())
            case _:
                pass  # the client closed its side; connection_lost follows

    async def _serve(self) -> None:
        head = self._head
        assert head is not None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        headers["x-connection"] = self._name
        await self._answer(self, head.method.decode(), head.target.decode(), headers, bytes(self._body))
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._advance()
        elif self._http.our_state is h11.MUST_CLOSE:
            self.hang_up()
