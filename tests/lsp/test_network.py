"""TCP and WebSocket: one client from this machine, and nobody else."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from rawclient import ECHO_SERVER, PATIENCE, RawClient, RawProcess, process
from tierwise.lsp.network import OpenDoorError, check_loopback, tcp, ws

INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}


@asynccontextmanager
async def listening(transport: str) -> AsyncGenerator[tuple[RawProcess, int]]:
    """Run a server and give the port that it says it listens on."""
    async with process([*ECHO_SERVER, transport, "0"]) as server:
        said = await server.stderr_line()
        assert said.startswith(f"listening on {transport.removeprefix('--')}://127.0.0.1:")
        yield server, int(said.rsplit(":", 1)[1])


@asynccontextmanager
async def tcp_client(port: int) -> AsyncGenerator[RawClient]:
    """Connect."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.close()


async def knock(port: int) -> None:
    """Connect and wait for a word; the kernel may refuse the connection or reset it."""
    async with tcp_client(port) as client:
        await client.receive()


async def talk(socket: ClientConnection, message: object) -> Any:
    """Say a message and return what comes back."""
    await socket.send(json.dumps(message))
    async with asyncio.timeout(PATIENCE):
        return json.loads(await socket.recv())


async def test_a_session_over_tcp_ends_with_the_process() -> None:
    async with listening("--tcp") as (server, port), tcp_client(port) as client:
        await client.initialize()
        client.open("file:///a", "hello")
        assert await client.ask("echo/text", {"textDocument": {"uri": "file:///a"}}) == {"text": "hello", "version": 1}
        await client.ask("shutdown")
        client.notify("exit")
        assert await server.ended() == 0


async def test_a_tcp_client_that_hangs_up_ends_the_process() -> None:
    async with listening("--tcp") as (server, port):
        async with tcp_client(port) as client:
            await client.initialize()
        assert await server.ended() == 1


async def test_a_second_tcp_client_is_turned_away() -> None:
    async with listening("--tcp") as (_server, port), tcp_client(port) as client:
        await client.initialize()
        with pytest.raises((OSError, asyncio.IncompleteReadError)):
            await knock(port)
        assert await client.fail("echo/none") == -32601


async def test_a_web_page_s_post_ends_the_connection() -> None:
    async with listening("--tcp") as (server, port), tcp_client(port) as client:
        body = json.dumps(INITIALIZE)
        client.send_bytes(f"POST / HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        assert (await client.receive())["error"]["code"] == -32700
        assert await server.ended() == 1


async def test_a_session_over_websocket_has_no_headers_and_ends_with_the_process() -> None:
    async with listening("--ws") as (server, port), connect(f"ws://127.0.0.1:{port}") as socket:
        assert (await talk(socket, INITIALIZE))["result"]["serverInfo"]["name"] == "tierwise"
        assert (await talk(socket, {"jsonrpc": "2.0", "id": 2, "method": "echo/none"}))["error"]["code"] == -32601
        assert (await talk(socket, "nonsense"))["error"]["code"] == -32600
        assert (await talk(socket, {"jsonrpc": "2.0", "id": 3, "method": "shutdown"}))["result"] is None
        await socket.send(json.dumps({"jsonrpc": "2.0", "method": "exit"}))
        assert await server.ended() == 0


async def test_a_websocket_client_that_goes_ends_the_process() -> None:
    async with listening("--ws") as (server, port):
        async with connect(f"ws://127.0.0.1:{port}") as socket:
            await talk(socket, INITIALIZE)
        assert await server.ended() == 1


async def test_a_web_page_from_elsewhere_may_not_open_a_websocket_and_a_local_one_may() -> None:
    async with listening("--ws") as (_server, port):
        for origin in ("https://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com", "null"):
            with pytest.raises(InvalidStatus):
                await connect(f"ws://127.0.0.1:{port}", origin=origin)  # pyright: ignore[reportArgumentType]
        async with connect(f"ws://127.0.0.1:{port}", origin="http://localhost:3000") as socket:  # pyright: ignore[reportArgumentType]
            assert "result" in await talk(socket, INITIALIZE)
            with pytest.raises((ConnectionClosed, OSError)):
                async with connect(f"ws://127.0.0.1:{port}") as second:
                    await talk(second, INITIALIZE)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.com", ""])
async def test_other_machines_are_let_in_only_on_purpose(host: str) -> None:
    for listen in (tcp, ws):
        with pytest.raises(OpenDoorError):
            await listen(host, 0)
    check_loopback(host, public=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_this_machine_needs_no_permission(host: str) -> None:
    check_loopback(host, public=False)
