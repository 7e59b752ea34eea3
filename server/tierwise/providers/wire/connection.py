"""What goes wrong on the way to a vendor, told as what the user can do about it."""

import errno
import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from tierwise.core.exchange import Exchange
from tierwise.core.reply import Failure, FailureKind, ProviderError
from tierwise.providers import Endpoint

from .client import is_loopback
from .events import OversizeError
from .failures import malformed, of_status

if TYPE_CHECKING:
    from httpx2 import Response

_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The classes that an SDK raises."""

    status: type[Exception]
    timeout: type[Exception]
    connection: type[Exception]


@asynccontextmanager
async def mapped(endpoint: Endpoint, errors: Errors, exchange: Exchange) -> AsyncGenerator[None, None]:
    """Turn whatever the SDK or its transport raises into a ``ProviderError``."""
    import httpx2

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
