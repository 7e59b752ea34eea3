"""The platform's proxies and certificates are honoured, and a machine without a network is recognised."""

import asyncio
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from guard.loopback import LOG
from tierwise import providers
from tierwise.core.reply import FailureKind, ProviderError, Reach
from tierwise.providers import Endpoint
from vendors import CHAT, KEY, exchange_for

ANSWER = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@asynccontextmanager
async def listener(context: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Listen, write down the first line of each request, and answer 503."""
    lines: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(await reader.readline())
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], lines


async def failure_at(url: str) -> ProviderError:
    provider = providers.load(Endpoint(name="openai", type="openai", base_url=url, key=KEY))
    try:
        with pytest.raises(ProviderError) as caught:
            await provider.ask(exchange_for(CHAT))
    finally:
        await provider.close()
    return caught.value


@pytest.mark.parametrize(
    ("scheme", "variable", "line"),
    [
        ("http", "HTTP_PROXY", b"POST http://vendor.invalid/v1/chat/completions HTTP/1.1\r\n"),
        ("https", "HTTPS_PROXY", b"CONNECT vendor.invalid:443 HTTP/1.1\r\n"),
    ],
)
async def test_the_platforms_proxy_is_used(
    monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str, line: bytes
) -> None:
    async with listener() as (port, lines):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{port}")
        await failure_at(f"{scheme}://vendor.invalid/v1")
    assert lines == [line]


def certificate(directory: Path) -> tuple[Path, Path]:
    """Return a new certificate for 127.0.0.1 that nobody but itself has signed, and its key."""
    paths = directory / "cert.pem", directory / "key.pem"
    wishes = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    command = ["openssl", *wishes.split(), "-out", paths[0], "-keyout", paths[1]]
    subprocess.run(command, check=True, capture_output=True)
    return paths


async def test_a_certificate_that_the_platform_trusts_is_trusted_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    async with listener(context) as (port, lines):
        untrusted = await failure_at(f"https://127.0.0.1:{port}/v1")
        assert untrusted.failure.kind is FailureKind.UNREACHABLE
        assert "SSL_CERT_FILE" in untrusted.failure.message
        assert lines == []
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        trusted = await failure_at(f"https://127.0.0.1:{port}/v1")
        assert trusted.failure.status == 503
        assert len(lines) == 1


async def test_without_a_network_the_failure_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard refuses to look up names as a machine without a network does, so it is set aside for this one."""
    monkeypatch.delenv(LOG)
    started = time.monotonic()
    failure = (await failure_at("http://vendor.invalid/v1")).failure
    assert failure.kind is FailureKind.OFFLINE
    assert failure.reach is Reach.NETWORK
    assert "no network" in failure.message
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [(socket.EAI_AGAIN, FailureKind.OFFLINE), (socket.EAI_NONAME, FailureKind.UNREACHABLE)],
    ids=["no name server answers", "there is no such name"],
)
async def test_a_name_that_nobody_can_look_up_is_no_network_and_one_that_does_not_exist_is_not(
    monkeypatch: pytest.MonkeyPatch, code: int, kind: FailureKind
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(code, "as the system says")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert (await failure_at("http://vendor.invalid/v1")).failure.kind is kind
