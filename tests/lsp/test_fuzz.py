"""Noise on the line: after anything at all, the server still answers."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from rawclient import RawProcess, framed, process
from tierwise.lsp import Code

URI = "file:///work/a.py"
ROUNDS = 150

METHODS = [
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/inlineCompletion",
    "textDocument/hover",
    "workspace/executeCommand",
    "workspace/didChangeWorkspaceFolders",
    "workspace/didChangeConfiguration",
    "window/workDoneProgress/cancel",
    "$/cancelRequest",
    "$/setTrace",
    "initialize",
    "initialized",
    "echo/none",
]
KEYS = ["textDocument", "uri", "text", "version", "position", "line", "character", "contentChanges", "range", "start"]
KEYS += ["end", "id", "token", "command", "arguments", "event", "added", "removed", "params"]


def value(chance: random.Random, depth: int = 0) -> Any:
    """Return any JSON value, preferably one that looks like the protocol's."""
    leaves: list[Any] = [None, True, 0, -1, 2**63, 1.5, "", URI, "echo.tell", "\ud800", "x" * 50]
    kind = chance.random()
    if depth > 3 or kind < 0.4:
        return chance.choice(leaves)
    if kind < 0.55:
        return [value(chance, depth + 1) for _ in range(chance.randrange(3))]
    return {chance.choice(KEYS): value(chance, depth + 1) for _ in range(chance.randrange(4))}


def wrong_types(chance: random.Random) -> bytes:
    """Return a well-framed message that is nonsense."""
    message: Any = {"jsonrpc": "2.0", "method": chance.choice(METHODS), "params": value(chance)}
    if chance.random() < 0.6:
        message["id"] = chance.choice([f"fuzz-{chance.random()}", *([value(chance)] * 2)])
    if chance.random() < 0.2:
        message[chance.choice(["method", "jsonrpc", "result", "error"])] = value(chance)
    if chance.random() < 0.1:
        message = value(chance)
    return framed(json.dumps(message).encode())


def random_bytes(chance: random.Random) -> bytes:
    """Return noise; the empty line at its end is where the search for the next header begins."""
    return chance.randbytes(chance.randrange(200)) + b"\r\n\r\n"


def damaged(chance: random.Random) -> bytes:
    """Return a good message with some bytes changed in its body."""
    body = bytearray(json.dumps({"jsonrpc": "2.0", "id": "fuzz", "method": "echo/none", "params": {}}).encode())
    for _ in range(chance.randrange(1, 6)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return framed(bytes(body))


def wrong_length(chance: random.Random) -> bytes:
    """Return a message whose header lies, too much or too little, and enough after it to make up for the lie."""
    body = json.dumps({"jsonrpc": "2.0", "method": "echo/none"}).encode()
    lie = max(0, len(body) + chance.randrange(-40, 40))
    return b"Content-Length: %d\r\n\r\n%b" % (lie, body) + b" " * max(0, lie - len(body)) + b"\r\n\r\n"


@pytest.mark.parametrize("noise", [wrong_types, random_bytes, damaged, wrong_length])
async def test_after_noise_the_server_still_answers(noise: Callable[[random.Random], bytes]) -> None:
    chance = random.Random(20261123)
    async with process() as client:
        await client.initialize()
        for number in range(ROUNDS):
            client.send_bytes(noise(chance))
            if number % 10 == 0:
                await check_alive(client)
        await check_alive(client)
        assert any("error" in message for message in client.heard)
        assert await client.leave() == 0
        assert "Traceback" not in await client.stderr()


async def check_alive(client: RawProcess) -> None:
    """Assert that a document can be opened and read back."""
    client.open(URI, "still here", version=1)
    request = f"alive-{random.random()}"
    ask = {"jsonrpc": "2.0", "id": request, "method": "echo/text", "params": {"textDocument": {"uri": URI}}}
    client.send(ask)
    answer = await client.answer(request)
    assert answer["result"] == {"text": "still here", "version": 1}


async def test_a_message_cut_off_by_the_end_of_the_stream_ends_the_server_cleanly() -> None:
    async with process() as client:
        await client.initialize()
        client.send_bytes(b"Content-Length: 100\r\n\r\n{")
        client.hang_up()
        assert await client.ended() == 1
        assert "Traceback" not in await client.stderr()


async def test_noise_before_initialize_is_survived() -> None:
    async with process() as client:
        client.send_bytes(b"\x00\xff\r\n\r\n")
        assert (await client.answer(None))["error"]["code"] == Code.PARSE_ERROR
        assert (await client.initialize())["serverInfo"]["name"] == "tierwise"
