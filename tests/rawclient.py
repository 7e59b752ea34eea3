"""A client that says exactly what it is told to, well-formed or not, to a language server over any stream."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ECHO_SERVER = [sys.executable, str(Path(__file__).parent / "lsp" / "echo_server.py")]

PATIENCE = 60.0
"""Seconds until a test gives up waiting; far beyond what a slow machine needs."""


def framed(body: bytes) -> bytes:
    """Return the body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class RawClient:
    """Messages as plain dicts; ``heard`` keeps all that was not the answer waited for."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ids = iter(range(1, 1_000_000))
        self.heard: list[dict[str, Any]] = []

    def send_bytes(self, data: bytes) -> None:
        """Say the bytes."""
        self._writer.write(data)

    def send(self, message: object) -> None:
        """Say one message."""
        self.send_bytes(framed(json.dumps(message).encode()))

    def notify(self, method: str, params: object = None) -> None:
        """Say a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def start(self, method: str, params: object = None) -> int:
        """Say a request and return its id."""
        request = next(self._ids)
        self.send({"jsonrpc": "2.0", "id": request, "method": method, "params": params})
        return request

    async def receive(self) -> dict[str, Any]:
        """Return the next message, whatever it is."""
        async with asyncio.timeout(PATIENCE):
            header = await self._reader.readuntil(b"\r\n\r\n")
            name, length = header.decode("ascii").split("\r\n")[0].split(": ")
            assert name == "Content-Length"
            return json.loads(await self._reader.readexactly(int(length)))

    async def answer(self, request: object) -> dict[str, Any]:
        """Return the answer to the request; an answer that came before is found too."""
        for message in self.heard:
            if message.get("id") == request and "method" not in message:
                self.heard.remove(message)
                return message
        while True:
            message = await self.receive()
            if message.get("id") == request and "method" not in message:
                return message
            self.heard.append(message)

    async def hear(self, method: str) -> dict[str, Any]:
        """Return the first message of the method."""
        while True:
            for message in self.heard:
                if message.get("method") == method:
                    self.heard.remove(message)
                    return message
            self.heard.append(await self.receive())

    async def ask(self, method: str, params: object = None) -> Any:
        """Ask and return the result."""
        answer = await self.answer(self.start(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    async def fail(self, method: str, params: object = None) -> int:
        """Ask and return the error's code."""
        answer = await self.answer(self.start(method, params))
        assert "error" in answer, answer
        return answer["error"]["code"]

    async def initialize(self, capabilities: dict[str, Any] | None = None, **params: object) -> dict[str, Any]:
        """Introduce ourselves."""
        result = await self.ask("initialize", {"processId": None, "capabilities": capabilities or {}, **params})
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str, version: int = 1) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        """Change a document."""
        item = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": item, "contentChanges": list(changes)})


class RawProcess(RawClient):
    """A server in a process of its own, over its standard streams."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        super().__init__(process.stdout, process.stdin)
        self._errors = process.stderr
        self.process = process

    def hang_up(self) -> None:
        """Close the server's input."""
        self._writer.close()

    async def leave(self) -> int:
        """Say goodbye as the protocol wants it and return the exit code."""
        await self.ask("shutdown")
        self.notify("exit")
        return await self.ended()

    async def ended(self) -> int:
        """Wait for the process's end, whether or not its output is read, and return its exit code."""
        async with asyncio.timeout(PATIENCE):
            while self.process.returncode is None:  # noqa: ASYNC110 - asyncio's wait() waits for the pipes' end too
                await asyncio.sleep(0.01)
            return self.process.returncode

    async def stderr_line(self) -> str:
        """Return the next line of standard error."""
        async with asyncio.timeout(PATIENCE):
            return (await self._errors.readline()).decode()

    async def stderr(self) -> str:
        """Return what is left on standard error; the process has ended."""
        return (await self._errors.read()).decode()


@asynccontextmanager
async def process(
    command: Sequence[str] = ECHO_SERVER, *arguments: str, env: Mapping[str, str] | None = None
) -> AsyncGenerator[RawProcess]:
    """Start a server, and make sure that it is gone at the end."""
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(*command, *arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=env)
    client = RawProcess(started)
    try:
        yield client
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()
