"""A small editor: a real language client that starts the real server as a process."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tierwise import __version__
from tierwise.core.text import Position, Span, Text


class Editor:
    """Opens files, types and asks, over standard input and output, as any editor does."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._client = LanguageClient("tierwise-demo", __version__)
        self._texts: dict[str, Text] = {}
        self._versions: dict[str, int] = {}
        self.messages: list[str] = []
        self._serve()

    async def start(self, env: Mapping[str, str]) -> float:
        """Start the server; return the seconds until it had answered ``initialize``."""
        started = perf_counter()
        await self._client.start_io(  # pyright: ignore[reportUnknownMemberType] - pygls leaves it untyped
            sys.executable, "-m", "tierwise", "lsp", env=dict(env)
        )
        edits = types.WorkspaceEditClientCapabilities(document_changes=True)
        actions = types.CodeActionClientCapabilities(
            resolve_support=types.ClientCodeActionResolveOptions(properties=["edit"]), data_support=True
        )
        await self._client.initialize_async(
            types.InitializeParams(
                root_uri=self._root.as_uri(),
                capabilities=types.ClientCapabilities(
                    workspace=types.WorkspaceClientCapabilities(configuration=True, workspace_edit=edits),
                    text_document=types.TextDocumentClientCapabilities(code_action=actions),
                    window=types.WindowClientCapabilities(work_done_progress=True),
                ),
            )
        )
        answered = perf_counter() - started
        self._client.initialized(types.InitializedParams())
        return answered

    async def stop(self) -> None:
        """Let the server go as an editor does."""
        await self._client.shutdown_async(None)
        self._client.exit(None)
        await self._client.stop()

    def open(self, path: Path, language: str, text: Text) -> str:
        """Open a document and return its URI."""
        uri = path.as_uri()
        self._texts[uri], self._versions[uri] = text, 1
        item = types.TextDocumentItem(uri, language, 1, str(text))
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def text(self, uri: str) -> Text:
        """Return the document as it is now."""
        return self._texts[uri]

    def replace(self, uri: str, span: Span, new: str) -> None:
        """Change the document; spans count code points, which the demo's files have as many of as UTF-16 units."""
        self._texts[uri] = self._texts[uri].replace(span, new)
        self._versions[uri] += 1
        change = types.TextDocumentContentChangePartial(range=_range(span), text=new)
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self._client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def complete(self, uri: str, place: Position, *, invoked: bool = False) -> list[types.InlineCompletionItem]:
        """Ask for ghost text."""
        kind = types.InlineCompletionTriggerKind.Invoked if invoked else types.InlineCompletionTriggerKind.Automatic
        answer = await self._client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                context=types.InlineCompletionContext(kind),
                text_document=types.TextDocumentIdentifier(uri),
                position=_position(place),
            )
        )
        return list(answer.items if isinstance(answer, types.InlineCompletionList) else answer or [])

    async def accept(self, uri: str, item: types.InlineCompletionItem) -> None:
        """Insert a suggestion and say so."""
        assert item.range is not None
        self.replace(uri, _span(item.range), str(item.insert_text))
        if item.command is not None:
            await self._client.workspace_execute_command_async(
                types.ExecuteCommandParams(item.command.command, item.command.arguments)
            )

    async def hover(self, uri: str, place: Position) -> str:
        """Return what the hover says, as Markdown."""
        answer = await self._client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), _position(place))
        )
        return answer.contents.value if answer and isinstance(answer.contents, types.MarkupContent) else ""

    async def act(self, uri: str, span: Span, title: str, problems: list[types.Diagnostic] | None = None) -> str:
        """Take the code action whose title starts so, apply its edit and return the title; raises ``LookupError``."""
        context = types.CodeActionContext(problems or [])
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), _range(span), context)
        offered = await self._client.text_document_code_action_async(params) or []
        for action in offered:
            if isinstance(action, types.CodeAction) and action.title.startswith(title):
                resolved = await self._client.code_action_resolve_async(action)
                self._apply(resolved.edit)
                return action.title
        raise LookupError(title)

    def _apply(self, edit: types.WorkspaceEdit | None) -> None:
        for change in (edit.document_changes if edit else None) or ():
            if isinstance(change, types.TextDocumentEdit):
                for part in change.edits:
                    if isinstance(part, types.TextEdit):
                        self.replace(change.text_document.uri, _span(part.range), part.new_text)

    def _serve(self) -> None:
        """Answer what servers ask of editors, and hear what they tell."""
        answers: dict[str, Callable[[Any], object]] = {
            "workspace/configuration": lambda params: [None for _ in params.items],
            "window/workDoneProgress/create": lambda _: None,
            "window/showMessage": lambda params: self.messages.append(params.message),
            "$/progress": lambda _: None,
            "tierwise/status": lambda _: None,
        }
        for method, answer in answers.items():
            self._client.feature(method)(answer)


def problem(span: Span, message: str) -> types.Diagnostic:
    """Return a diagnostic as a language's own server would publish it."""
    return types.Diagnostic(_range(span), message, types.DiagnosticSeverity.Error, source="checker")


def _position(place: Position) -> types.Position:
    return types.Position(place.line, place.column)


def _range(span: Span) -> types.Range:
    return types.Range(_position(span.start), _position(span.end))


def _span(place: types.Range) -> Span:
    return Span(Position(place.start.line, place.start.character), Position(place.end.line, place.end.character))
