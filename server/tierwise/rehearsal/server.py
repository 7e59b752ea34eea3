"""The server: accepts, records and answers; ``script.py`` has who says what, the vendors' files how it looks."""

import asyncio
import json
from types import TracebackType
from typing import Self

from .anthropic import Messages
from .batches import Batches
from .connection import Connection
from .openai import Chat, Completions, MistralFim
from .performance import perform
from .request import Request
from .responses import Responses
from .script import Script, by_rules
from .voices import Voice, compact

ROUTES: dict[str, Voice] = {
    "/v1/messages": Messages(),
    "/v1/chat/completions": Chat(),
    "/v1/responses": Responses(),
    "/v1/completions": Completions(),
    "/v1/fim/completions": MistralFim(),
    "/v1beta/openai/chat/completions": Chat(listed_errors=True),
}

MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "gpt-6-luna", "gpt-6.1-sol", "gpt-6-astra")


class Rehearsal:
    """``async with Rehearsal(script) as vendors:`` serves on a loopback port until the block ends."""

    def __init__(self, script: Script | None = None, *, port: int = 0, models: tuple[str, ...] = MODELS) -> None:
        self.script = script or by_rules(())
        self.models = models
        self.requests: list[Request] = []
        self.port = port
        self.cached: set[tuple[str, str]] = set()
        """Prompt prefixes that the rehearsed vendors have in their caches, with the model they are cached for."""
        self.batches = Batches(lambda: self.script, self.cached)
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._arrived = asyncio.Event()
        self.connections = 0
        """Connections opened since the start; each request's header ``x-connection`` says which it came over."""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            for connection in tuple(self._connections):
                connection.abort()
            await self._server.wait_closed()

    @property
    def root(self) -> str:
        """The address without a path, as Ollama wants it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url_anthropic(self) -> str:
        """What ``ANTHROPIC_BASE_URL`` would hold."""
        return self.root

    @property
    def url_openai(self) -> str:
        """What ``OPENAI_BASE_URL`` would hold."""
        return f"{self.root}/v1"

    @property
    def url_gemini(self) -> str:
        """The address that stands for Google's compatible endpoint."""
        return f"{self.root}/v1beta/openai/"

    def urls(self) -> dict[str, str]:
        """Return all addresses by vendor."""
        return {
            "anthropic": self.url_anthropic,
            "openai": self.url_openai,
            "gemini": self.url_gemini,
            "ollama": self.root,
        }

    async def request(self, number: int = 0) -> Request:
        """Return the request of this number as soon as it has arrived."""
        while len(self.requests) <= number:
            self._arrived.clear()
            await self._arrived.wait()
        return self.requests[number]

    def _accept(self) -> Connection:
        self.connections += 1
        return Connection(self._answer, self._connections, str(self.connections))

    async def _answer(
        self, connection: Connection, method: str, target: str, headers: dict[str, str], raw: bytes
    ) -> None:
        path = target.partition("?")[0]
        page = self.batches.answer(method, path, headers, raw)
        if page is not None:
            connection.respond(page[0], page[1])
            return
        if method == "GET":
            self._look_up(connection, path)
            return
        try:
            body = json.loads(raw)
            voice = ROUTES[path]
            asked = voice.hear(body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            status = 404 if path not in ROUTES else 400
            message = f"{method} {path} is not served here" if status == 404 else f"malformed request: {error!r}"
            connection.respond(status, compact(Chat().error(status, message)))
            return
        request = Request(method=method, path=path, headers=headers, body=body, model=asked.cue.model)
        connection.on_lost(lambda: request.end("closed"))
        line = self.script(asked.cue)
        self.requests.append(request)
        self._arrived.set()
        await perform(connection, voice, asked, line, request, self.cached)

    def _look_up(self, connection: Connection, path: str) -> None:
        listed = [
            {"id": name, "object": "model", "type": "model", "created": 0, "owned_by": "rehearsal"}
            for name in self.models
        ]
        tags = [{"name": name, "model": name} for name in self.models]
        pages: dict[str, object] = {
            "/v1/models": {"object": "list", "data": listed, "has_more": False},
            "/v1beta/openai/models": {"object": "list", "data": listed},
            "/api/tags": {"models": tags},
            "/api/version": {"version": "0.0.0-rehearsal"},
            "/rehearsal/requests": [request.plain() for request in self.requests],
        }
        if path in pages:
            connection.respond(200, compact(pages[path]))
        else:
            connection.respond(404, compact(Chat().error(404, f"GET {path} is not served here")))
