"""A real language client at a real server whose vendors are rehearsed, with what tests want to say and to look at."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from tierwise.ledger.history import Entry, history
from tierwise.rehearsal import Cue, Line, Rehearsal

TIERS = """\
[tiers.fast]
models = ["anthropic/claude-haiku-5-5", "openai/gpt-6-luna"]
[tiers.mid]
models = ["anthropic/claude-sonnet-5-5"]
[tiers.frontier]
models = ["anthropic/claude-opus-5-5"]
# A busy machine needs seconds to import an SDK; no test is about that.
[tasks.explain]
deadline = 60
[tasks.autocomplete]
deadline = 60
[tasks.docstring]
deadline = 60
"""

PATIENCE = 15.0
"""Seconds until a test gives up waiting."""
AWAY = "far.vendors.test"
RESOLVER = Path(__file__).with_name("resolver")
"""Lets a server look up ``*.vendors.test``: models there are not on this machine, as far as it knows."""


@dataclass(slots=True)
class Desk:
    """An editor's seat: the client, the vendors and the folder that is open."""

    client: LanguageClient
    vendors: Rehearsal
    root: Path
    data: Path
    result: types.InitializeResult
    server: asyncio.subprocess.Process | None = None

    def say(self, text: str | Line | Callable[[Cue], Line]) -> None:
        """Let every model answer so from now on."""
        if callable(text):
            self.vendors.script = text
        else:
            line = text if isinstance(text, Line) else Line(text=text)
            self.vendors.script = lambda cue: line

    def open(self, name: str, text: str, language: str = "python") -> types.TextDocumentIdentifier:
        """Open a document of the folder."""
        uri = (self.root / name).as_uri()
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return types.TextDocumentIdentifier(uri=uri)

    def change(self, document: types.TextDocumentIdentifier, version: int, text: str) -> None:
        """Replace the whole document."""
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=document.uri, version=version),
                content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )

    def inline(
        self, document: types.TextDocumentIdentifier, line: int, character: int, *, invoked: bool = True
    ) -> types.InlineCompletionParams:
        """Return the params of an inline completion request."""
        kind = types.InlineCompletionTriggerKind.Invoked if invoked else types.InlineCompletionTriggerKind.Automatic
        return types.InlineCompletionParams(
            context=types.InlineCompletionContext(trigger_kind=kind),
            text_document=document,
            position=types.Position(line=line, character=character),
        )

    async def complete(
        self, document: types.TextDocumentIdentifier, line: int, character: int, *, invoked: bool = True
    ) -> list[types.InlineCompletionItem]:
        """Ask for ghost text."""
        params = self.inline(document, line, character, invoked=invoked)
        answer = await self.client.text_document_inline_completion_async(params)
        assert isinstance(answer, types.InlineCompletionList)
        return list(answer.items)

    async def hover(self, document: types.TextDocumentIdentifier, line: int, character: int) -> str | None:
        """Return what a hover says."""
        place = types.Position(line=line, character=character)
        answer = await self.client.text_document_hover_async(types.HoverParams(text_document=document, position=place))
        if answer is None:
            return None
        assert isinstance(answer.contents, types.MarkupContent)
        return answer.contents.value

    async def actions(
        self,
        document: types.TextDocumentIdentifier,
        start: tuple[int, int],
        end: tuple[int, int] | None = None,
        problems: tuple[types.Diagnostic, ...] = (),
        only: list[str] | None = None,
    ) -> list[types.CodeAction]:
        """Ask for the menu."""
        place = types.Range(types.Position(*start), types.Position(*(end or start)))
        context = types.CodeActionContext(diagnostics=problems, only=only)
        params = types.CodeActionParams(text_document=document, range=place, context=context)
        offered = await self.client.text_document_code_action_async(params) or []
        return [action for action in offered if isinstance(action, types.CodeAction)]

    async def history(self, wanted: int = 1) -> tuple[Entry, ...]:
        """Return the ledger's decisions, the newest first, as soon as there are as many as wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                path = self.data / "ledger.sqlite3"
                entries = history(path, last=1000) if path.exists() else ()
                if len(entries) >= wanted:
                    return entries
                await asyncio.sleep(0.02)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(PATIENCE):
            while not holds():  # noqa: ASYNC110 - what is waited for happens in another process
                await asyncio.sleep(0.01)

    async def status(self) -> Any:
        """Return the server's status."""
        return await self.client.protocol.send_request_async("tierwise/status", {})

    def told(self) -> list[str]:
        """Return the messages shown to the user."""
        return [message.message for message in self.client.messages]


def environment(vendors: Rehearsal | None, home: Path, config: str | None) -> dict[str, str]:
    """Return the environment of a server whose vendors are rehearsed."""
    env = {**os.environ, "TIERWISE_DATA_DIR": str(home / "data")}
    if vendors is not None:
        env |= {
            "ANTHROPIC_API_KEY": "sk-test-anthropic",
            "ANTHROPIC_BASE_URL": vendors.url_anthropic,
            "OPENAI_API_KEY": "sk-test-openai",
            "OPENAI_BASE_URL": vendors.url_openai,
        }
    if config is not None:
        env["TIERWISE_CONFIG"] = str(home / "config.toml")
    return env


def named(names: Path) -> dict[str, str]:
    """Return the environment of a server that looks names up as the file says."""
    path = os.pathsep.join((str(RESOLVER), os.environ.get("PYTHONPATH", "")))
    return {"PYTHONPATH": path, "STORM_NAMES": str(names)}


def _prepare(home: Path, config: str | None) -> Path:
    root = home / "project"
    root.mkdir(parents=True, exist_ok=True)
    if config is not None:
        (home / "config.toml").write_text(config, "utf-8")
    return root


@asynccontextmanager
async def sit_down(
    home: Path,
    *,
    config: str | None = TIERS,
    settings: Mapping[str, Any] | None = None,
    keys: bool = True,
    capabilities: types.ClientCapabilities | None = None,
    away: bool = False,
) -> AsyncGenerator[Desk]:
    """Start vendors, server and client, and take everything down at the end.

    ``settings`` is what the editor answers to ``workspace/configuration``; ``away`` says that the vendors seem to be
    on other machines, for what is kept from those.
    """
    root = _prepare(home, config)
    async with Rehearsal() as vendors:
        client = make_test_lsp_client()
        client.set_configuration(dict(settings or {}), section="tierwise")
        env = environment(vendors if keys else None, home, config)
        if away:
            env |= {name: url.replace("127.0.0.1", AWAY) for name, url in env.items() if name.endswith("_BASE_URL")}
            env |= named(home / "names")
        await client.start_io(sys.executable, "-m", "tierwise", "lsp", env=env)
        params = types.InitializeParams(
            capabilities=capabilities or client_capabilities("visual-studio-code"),
            workspace_folders=[types.WorkspaceFolder(uri=root.as_uri(), name="project")],
        )
        result = await client.initialize_session(params)
        try:
            yield Desk(client, vendors, root, home / "data", result)
        finally:
            async with asyncio.timeout(PATIENCE):
                await client.shutdown_session()
                await client.stop()
