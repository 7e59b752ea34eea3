"""A language client that keeps count: which request was answered how often, and with what."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

SERVER = Path(__file__).parent / "fast_server.py"


class RawClient:
    """Speaks JSON over a server's pipes; answers what the server asks as a small editor would."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._last = 0
        self.answers: Counter[int] = Counter()
        self.codes: Counter[int] = Counter()
        self.reasons: Counter[str] = Counter()
        self.takes: dict[str, Callable[[Any], object]] = {}
        """What is answered to the server's own requests, by method."""
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, argument: object, env: Mapping[str, str], server: Path = SERVER) -> Self:
        """Start the server with its one argument."""
        pipe = asyncio.subprocess.PIPE
        arguments = (sys.executable, str(server), str(argument))
        return cls(await asyncio.create_subprocess_exec(*arguments, stdin=pipe, stdout=pipe, env=dict(env)))

    @property
    def asked(self) -> int:
        """How many requests were sent."""
        return self._last

    def tell(self, method: str, params: object) -> None:
        """Say a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> "tuple[int, asyncio.Future[Any]]":
        """Send a request; the future holds its result, or None for an error."""
        self._last += 1
        future = asyncio.get_running_loop().create_future()
        self._waiting[self._last] = future
        self._send({"id": self._last, "method": method, "params": params})
        return self._last, future

    def cancel(self, request: int) -> None:
        """Cancel a request."""
        self.tell("$/cancelRequest", {"id": request})

    async def stop(self) -> int:
        """Shut the server down and return its exit code."""
        await self.ask("shutdown", None)[1]
        self.tell("exit", None)
        code = await self._process.wait()
        await self._reading
        return code

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while header := await self._process.stdout.readline():
            await self._process.stdout.readline()
            self._hear(json.loads(await self._process.stdout.readexactly(int(header.split(b":")[1]))))

    def _hear(self, message: dict[str, Any]) -> None:
        if "method" in message:
            if "id" in message:
                params: Any = message.get("params") or {}
                take = self.takes.get(message["method"])
                answer = take(params) if take else [None for _ in params.get("items", ())]
                self._send({"id": message["id"], "result": answer})
            return
        request = message["id"]
        self.answers[request] += 1
        if "error" in message:
            self.codes[message["error"]["code"]] += 1
            self.reasons[message["error"]["message"]] += 1
        waiting = self._waiting.pop(request, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("result"))
