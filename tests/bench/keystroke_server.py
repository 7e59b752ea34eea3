"""Three servers that answer every inline completion with nothing: ``python keystroke_server.py floor|pygls|tierwise``.

What differs is only what carries the messages: bare asyncio and json that keep no document, pygls as it comes, ours.
"""

import asyncio
import json
import sys
from typing import Any


async def floor() -> None:
    """Answer in as few steps as Python needs: read, parse, answer, apply nothing."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    writer, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout)
    while True:
        try:
            header = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return
        message = json.loads(await reader.readexactly(int(header.split(b":")[1])))
        if "id" in message:
            result = {"capabilities": {}} if message["method"] == "initialize" else []
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
            writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


def with_pygls() -> None:
    """Answer through pygls."""
    from lsprotocol import types
    from pygls.lsp.server import LanguageServer

    server = LanguageServer("bench", "1")

    @server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
    async def complete(_params: types.InlineCompletionParams) -> list[types.InlineCompletionItem]:  # pyright: ignore[reportUnusedFunction]
        return []

    server.start_io()


async def tierwise() -> None:
    """Answer through our own edge."""
    from tierwise.lsp import Feature, Session
    from tierwise.lsp.server import serve
    from tierwise.lsp.stdio import stdio

    async def work() -> list[object]:
        return []

    async def complete(session: Session, params: dict[str, Any]) -> object:
        return await session.newest.run(params["textDocument"]["uri"], [], work())

    feature = Feature(
        name="bench",
        capabilities=lambda _client: {"inlineCompletionProvider": True},
        requests={"textDocument/inlineCompletion": complete},
    )
    await serve(await stdio(), [feature])


if __name__ == "__main__":
    match sys.argv[1]:
        case "floor":
            asyncio.run(floor())
        case "pygls":
            with_pygls()
        case _:
            asyncio.run(tierwise())
