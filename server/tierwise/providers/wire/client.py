"""What both SDKs' clients are built from."""

import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tierwise.providers import Endpoint

from . import Body
from .failures import key_advice, refused

if TYPE_CHECKING:
    from ssl import SSLContext

    from httpx2 import AsyncClient, Response

CONNECT = 5.0
"""Seconds to open a connection, as both SDKs have it; a server that is up answers in one."""

IDLE = 120.0
"""Seconds that an unused connection is kept: a pause for thought costs no new handshake. The vendors' front ends keep
theirs longer, and one they closed is noticed before it is used.
"""

CONNECTIONS = 32

KEYLESS = "none"
"""Sent as the key where an endpoint of the user's own needs none, because both SDKs insist on one."""


def http_client(endpoint: Endpoint) -> "AsyncClient":
    """Return the transport: patient with idle connections, never sending code elsewhere, no proxy for loopback."""
    import httpx2

    with suppress(ImportError):
        import_module("anyio._backends._asyncio")  # else the first request imports it, on the event loop
    quiet()
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(endpoint.timeout, connect=min(CONNECT, endpoint.timeout)),
        limits=httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE),
        follow_redirects=False,
        # Plain HTTP has no certificates, and reading the machine's takes tens of milliseconds; without redirects an
        # address of plain HTTP never leads to another.
        verify=_trust(endpoint),
        trust_env=endpoint.base_url is None or not is_loopback(endpoint.base_url),
    )


def _trust(endpoint: Endpoint) -> "bool | SSLContext":
    """Return how certificates are checked; the transport reads the platform's variables only together with proxies,
    which are not used for loopback, so there they are read here.
    """
    url = endpoint.base_url or ""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if url.startswith("https://") and is_loopback(url) and (file or folder):
        import ssl

        return ssl.create_default_context(cafile=file, capath=folder)
    return not url.startswith("http://")


def quiet() -> None:
    """Keep the SDKs' and transports' debug logs off: they hold prompts and headers."""
    for name in ("anthropic", "openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def poster(
    client: Any, stream: type[Any], headers: Mapping[str, object]
) -> "Callable[[str, Body], Awaitable[Response]]":
    """Return what sends a request through an SDK's client and brings the answer as it streams; ``stream`` is what the
    SDK needs named to do so.
    """
    import httpx2

    async def post(path: str, body: Body) -> "Response":
        # What the SDK gives for this `cast_to`, before any parsing of its own.
        return await client.post(
            path, cast_to=httpx2.Response, body=body, options={"headers": headers}, stream=True, stream_cls=stream
        )

    return post


def own_headers(endpoint: Endpoint, vendor: str, key: str, omit: object) -> dict[str, Any]:
    """Return the headers that keep a vendor's account, as its SDK finds it in the environment, from other endpoints;
    ``omit`` is what the SDK takes for a header that shall not be sent.
    """
    headers: dict[str, Any] = dict.fromkeys(foreign_headers(endpoint, vendor), omit)
    if "authorization" in headers:
        headers["authorization"] = f"Bearer {key}"
    return headers


def foreign_headers(endpoint: Endpoint, vendor: str) -> set[str]:
    """Return the lower-case names of headers that an SDK takes from the environment for its vendor.

    They may hold secrets of that vendor's account, so they must not reach an endpoint that merely speaks alike.
    """
    if endpoint.name == vendor:
        return set()
    lines = os.environ.get(f"{vendor.upper()}_CUSTOM_HEADERS", "").splitlines()
    names = {line.partition(":")[0].strip().lower() for line in lines if ":" in line}
    return names - {name.lower() for name in endpoint.headers}


def key_of(endpoint: Endpoint) -> str:
    """Return the key to send; raises ``ProviderError`` where the vendor needs one and there is none or a broken one."""
    key = (endpoint.key or "").strip()
    if not key and endpoint.base_url is None:
        raise refused(f"{endpoint.name} has no key: {key_advice(endpoint)}.")
    if not key.isascii() or not key.isprintable():
        raise refused(f"{endpoint.name}'s key has characters that no key has: {key_advice(endpoint)}.")
    return key or KEYLESS


def checked_url(endpoint: Endpoint, default: str) -> str:
    """Return the endpoint's address; raises ``ProviderError`` where it is not one of HTTP."""
    url = endpoint.base_url or default
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise refused(f"providers.{endpoint.name}.base_url is not an address like https://host/v1.")
    return url


def is_loopback(url: str) -> bool:
    """Say whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
