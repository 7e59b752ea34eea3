"""One call over HTTP, the same for every vendor's SDK: send, read as it streams, close on every way out."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierwise.core.exchange import Exchange
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError
from tierwise.providers import Endpoint

from . import Api, Body, Told
from .connection import Errors, mapped
from .events import Events
from .failures import error_of, malformed, of_event
from .quota import rest

if TYPE_CHECKING:
    from httpx2 import Response

DRAIN = 0.05
"""Seconds granted for the end of an HTTP body after the interface's last word, so that the connection can be kept. It
comes in the same packet as a rule; opening a new connection would cost two or three round trips.
"""

MOST_ERROR_BYTES = 65_536
"""Of a body that is not a stream, enough for any vendor's error."""

DONE = b"[DONE]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An open SDK client: ``post`` sends a body to a path and returns the response with its body still to come."""

    endpoint: Endpoint
    post: Callable[[str, Body], Awaitable["Response"]]
    errors: Errors


async def call(line: Line, api: Api, exchange: Exchange) -> None:
    """Put the exchange's prompt to its model; see ``Provider.ask``."""
    body = api.write(exchange.model, exchange.prompt)
    sent = api.stops(exchange.model, exchange.prompt)
    watched = tuple(stop for stop in exchange.prompt.limits.stop if stop not in sent)
    told = Told()
    try:
        async with (
            mapped(line.endpoint, line.errors, exchange),
            _opened(line, api.path, body, exchange) as response,
            aclosing(response.aiter_bytes()) as chunks,
        ):
            exchange.rest = rest(response.headers)
            await _refuse_strange(line.endpoint, exchange, response.headers, chunks)
            await _listen(_Listener(line.endpoint, api, exchange, told, watched), chunks)
        _settle(line.endpoint, told, exchange)
    finally:
        exchange.usage = told.paid(exchange.text)
        exchange.resolved = told.resolved


@dataclass(slots=True)
class _Listener:
    """Takes events one by one; ``watched`` are the stop sequences that the interface itself would not take."""

    endpoint: Endpoint
    api: Api
    exchange: Exchange
    told: Told
    watched: tuple[str, ...]

    def hear(self, data: bytes) -> bool:
        """Take one event's data; return False when no more is wanted."""
        if data == DONE:
            self.told.over = True
            return True
        piece = self._read(data)
        return self._say(piece) if piece else True

    def _read(self, data: bytes) -> str:
        try:
            event = json.loads(data)
            if event.get("error") or event.get("type") in {"error", "response.failed"}:
                raise ProviderError(self._failure(event))
            return self.api.read(event, self.told)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise malformed(
                f"{self.endpoint.name} sent something that is not an answer of its interface"
                f" ({type(error).__name__}); check that base_url is the API's own address."
            ) from None

    def _failure(self, event: Body) -> Failure:
        inside = event.get("response") if event.get("type") == "response.failed" else event
        error = error_of(inside) or event
        return of_event(self.endpoint, self.exchange.model, self.exchange.prompt, error)

    def _say(self, piece: str) -> bool:
        for stop in self.watched:
            # A stop sequence may be cut over two pieces, so look back as far as it is long.
            seen = self.exchange.text[1 - len(stop) :] if len(stop) > 1 else ""
            at = (seen + piece).find(stop)
            if at >= 0:
                return self._stop(at - len(seen), piece)
        return self.exchange.say(piece)

    def _stop(self, at: int, piece: str) -> bool:
        """Keep what stands before the stop sequence, which begins ``at`` in the piece or, if negative, before it."""
        if at < 0:
            self.exchange.text = self.exchange.text[:at]
        else:
            self.exchange.say(piece[:at])
        self.exchange.finish = self.told.finish = Finish.STOP
        return False


async def _listen(listener: _Listener, chunks: AsyncIterator[bytes]) -> None:
    events = Events()
    async for chunk in chunks:
        for data in events.feed(chunk):
            if not listener.hear(data):
                listener.told.finish = listener.exchange.finish
                return
        if listener.told.over:
            await _drain(chunks)
            return
    for data in events.end():
        if not listener.hear(data):
            listener.told.finish = listener.exchange.finish
            return


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(DRAIN):
            async for _ in chunks:
                pass
    except TimeoutError:
        pass  # the connection is then closed instead of kept


@asynccontextmanager
async def _opened(line: Line, path: str, body: Body, exchange: Exchange) -> AsyncGenerator["Response", None]:
    exchange.sent = True
    response = await line.post(path, body)
    try:
        yield response
    finally:
        await response.aclose()


async def _refuse_strange(
    endpoint: Endpoint, exchange: Exchange, headers: Mapping[str, str], chunks: AsyncIterator[bytes]
) -> None:
    """Raise for a 200 that is no stream: a page, or an error that some gateways put there."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"text/html", "application/json"}:
        return
    exchange.sent = False  # neither is an answer anybody bills
    if kind == "text/html":
        raise malformed(
            f"{endpoint.name} answered with a web page: base_url is not an API's address (is a `/v1` missing?)."
        )
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MOST_ERROR_BYTES:
            break
    try:
        error = error_of(json.loads(bytes(body)))
    except ValueError:
        error = None
    if error is not None:
        raise ProviderError(of_event(endpoint, exchange.model, exchange.prompt, error))
    raise malformed(f"{endpoint.name} does not stream its answers, which Tierwise needs to stop them early.")


def _settle(endpoint: Endpoint, told: Told, exchange: Exchange) -> None:
    """Judge how the stream ended."""
    if told.declined is not None:
        raise ProviderError(
            Failure(
                kind=FailureKind.DECLINED,
                message=f"{exchange.model.ref} declined to answer ({told.declined}); another model may not.",
            )
        )
    if told.finish is None:
        what = "broke off in the middle of its answer" if exchange.text else "sent an empty stream"
        raise malformed(f"{endpoint.name} {what}.")
    exchange.finish = told.finish
