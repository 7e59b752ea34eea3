"""One call over HTTP, the same for every vendor's SDK: send, read as it streams, close on every way out."""

import asyncio
import errno
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from tierwise.core.exchange import Exchange
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError
from tierwise.providers import Endpoint

from . import Api, Body, Told
from .client import is_loopback
from .events import Events, OversizeError
from .failures import error_of, malformed, of_event, of_status
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

_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The classes that an SDK raises."""

    status: type[Exception]
    timeout: type[Exception]
    connection: type[Exception]


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
            _mapped(line, exchange),
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


@asynccontextmanager
async def _mapped(line: Line, exchange: Exchange) -> AsyncGenerator[None, None]:
    """Turn whatever the SDK or its transport raises into a ``ProviderError``."""
    import httpx2

    endpoint, errors = line.endpoint, line.errors
    try:
        yield
    except errors.status as error:
        exchange.sent = False  # an answer that is an error is not billed
        response = cast("Response", cast("Any", error).response)
        failure = of_status(
            endpoint, exchange.model, exchange.prompt, response.status_code, response.headers, response.text
        )
        raise ProviderError(failure) from None
    except (errors.timeout, errors.connection) as error:
        raise ProviderError(_unreached(endpoint, error.__cause__ or error, exchange)) from None
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        raise ProviderError(_unreached(endpoint, error, exchange)) from None
    except OversizeError as error:
        raise malformed(f"{endpoint.name} sent no stream of answers: {error}.") from None


def _unreached(endpoint: Endpoint, error: BaseException, exchange: Exchange) -> Failure:
    import httpx2

    where = endpoint.base_url or "its vendor's address"
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol | httpx2.PoolTimeout):
        exchange.sent = False
        if _is_offline(error) and not is_loopback(endpoint.base_url or ""):
            return Failure(
                kind=FailureKind.OFFLINE,
                message=f"{endpoint.name} cannot be reached because this machine has no network.",
            )
        if _is_untrusted(error):
            return Failure(
                kind=FailureKind.UNREACHABLE,
                message=f"{endpoint.name} shows a certificate that nobody here trusts, at {where}: set SSL_CERT_FILE to"
                " the certificates of your company's proxy or server.",
            )
        return Failure(
            kind=FailureKind.UNREACHABLE,
            message=f"{endpoint.name} cannot be reached at {where}: is it running, and is base_url right?",
        )
    if isinstance(error, httpx2.TimeoutException):
        return Failure(
            kind=FailureKind.TIMEOUT,
            message=f"{endpoint.name} was silent for {endpoint.timeout:g} s; raise providers.{endpoint.name}.timeout"
            " if its models need longer.",
        )
    if isinstance(error, httpx2.DecodingError):
        return Failure(kind=FailureKind.MALFORMED, message=f"{endpoint.name} sent bytes that cannot be decompressed.")
    if isinstance(error, httpx2.RemoteProtocolError) and exchange.text:
        return Failure(
            kind=FailureKind.MALFORMED, message=f"{endpoint.name} closed the connection in the middle of its answer."
        )
    return Failure(
        kind=FailureKind.UNREACHABLE,
        message=f"{endpoint.name} broke off the connection ({type(error).__name__}) at {where}.",
    )


def _is_offline(error: BaseException) -> bool:
    """Whether the machine's own network is the reason, which the operating system knows at once."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return cause.errno == socket.EAI_AGAIN  # no name server answered; a name that does not exist is another
        if isinstance(cause, OSError) and cause.errno in _NO_NETWORK:
            return True
    return False


def _is_untrusted(error: BaseException) -> bool:
    return any(type(cause).__name__ == "SSLCertVerificationError" for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


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
