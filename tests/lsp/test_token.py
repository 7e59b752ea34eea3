"""A Unix socket for its owner alone, and a token for who comes over a network."""

import asyncio
import stat
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rawclient import RawClient, RawProcess, process
from tierwise.lsp.token import TokenError, read_token
from tierwise.lsp.unix import SocketPathError, unix

TOKEN = "correct horse battery staple"
SERVER = [sys.executable, "-m", "tierwise", "lsp"]


@asynccontextmanager
async def serving(*arguments: str) -> AsyncGenerator[tuple[RawProcess, str]]:
    """Run the server, and say where it listens."""
    async with process(SERVER, *arguments) as server:
        yield server, (await server.stderr_line()).removeprefix("listening on ").strip()


@asynccontextmanager
async def client(place: str) -> AsyncGenerator[RawClient]:
    """Connect."""
    if place.startswith("unix:"):
        reader, writer = await asyncio.open_unix_connection(place.removeprefix("unix:"))
    else:
        host, _, port = place.removeprefix("tcp://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield RawClient(reader, writer)
    finally:
        writer.close()


def mode(path: Path) -> int:
    """Return a file's permissions, 0 where there is none."""
    return stat.S_IMODE(path.lstat().st_mode) if path.exists() else 0


def token_file(directory: Path, text: str = TOKEN, permissions: int = 0o600) -> Path:
    path = directory / "token"
    path.write_text(text)
    path.chmod(permissions)
    return path


async def test_a_unix_socket_belongs_to_its_owner_serves_one_and_is_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with serving("--socket", str(path)) as (server, place):
        assert mode(path) & 0o077 == 0
        async with client(place) as first:
            await first.initialize()
            assert mode(path) == 0
            await first.ask("shutdown")
            first.notify("exit")
        assert await server.ended() == 0


async def test_a_socket_nobody_listens_at_is_replaced_and_anything_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(SocketPathError, match="no socket"):
        await unix(file)
    stale = tmp_path / "stale"
    server = await asyncio.get_running_loop().create_unix_server(asyncio.Protocol, stale)
    with pytest.raises(SocketPathError, match="already"):
        await unix(stale)
    server.close()
    async with serving("--socket", str(stale)) as (_, place), client(place) as first:
        await first.initialize()


async def test_who_brings_the_token_is_served(tmp_path: Path) -> None:
    async with serving("--tcp", "0", "--token-file", str(token_file(tmp_path))) as (_, place), client(place) as first:
        answer = await first.initialize(initializationOptions={"token": TOKEN})
        assert answer["serverInfo"]["name"] == "tierwise"


WRONG: Sequence[tuple[str, dict[str, object]]] = (
    ("initialize", {"capabilities": {}}),
    ("initialize", {"capabilities": {}, "initializationOptions": {"token": "wrong"}}),
    ("initialize", {"capabilities": {}, "initializationOptions": {"token": [TOKEN]}}),
    ("tierwise/status", {"initializationOptions": {"token": TOKEN}}),
)


@pytest.mark.parametrize(("method", "params"), WRONG)
async def test_who_does_not_is_turned_away_without_a_word(
    tmp_path: Path, method: str, params: dict[str, object]
) -> None:
    async with serving("--tcp", "0", "--token-file", str(token_file(tmp_path))) as (_, place), client(place) as first:
        first.start(method, params)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await first.receive()


@pytest.mark.parametrize(
    "door", [("--tcp", "0", "--public"), ("--tcp", "0"), ("--ws", "0"), ("--tcp", "0", "--public", "--without-token")]
)
async def test_an_open_door_needs_a_token(door: tuple[str, ...]) -> None:
    async with process(SERVER, *door) as server:
        assert "--token-file" in await server.stderr_line()
        assert await server.ended() == 2


async def test_who_says_so_is_served_at_a_port_without_a_token() -> None:
    async with serving("--tcp", "0", "--without-token") as (_, place), client(place) as first:
        await first.initialize()


def test_a_token_that_others_can_read_or_guess_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="chmod"):
        read_token(token_file(tmp_path, permissions=0o644))
    with pytest.raises(TokenError, match="shorter"):
        read_token(token_file(tmp_path, "short"))
    assert read_token(token_file(tmp_path, f"{TOKEN}\n")) == TOKEN
