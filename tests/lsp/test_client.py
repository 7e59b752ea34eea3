"""A real language client, with the protocol's own types and its checks of what a server may say."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from rawclient import ECHO_SERVER

URI = "file:///work/a.py"


@pytest_lsp.fixture(config=ClientServerConfig(server_command=ECHO_SERVER))
async def client(lsp_client: LanguageClient) -> AsyncGenerator[None]:
    """Introduce an editor like VS Code and take leave at the end."""
    capabilities = client_capabilities("visual-studio-code")
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield
    await lsp_client.shutdown_session()


def open_document(client: LanguageClient, text: str) -> types.TextDocumentIdentifier:
    """Open a document."""
    item = types.TextDocumentItem(uri=URI, language_id="python", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return types.TextDocumentIdentifier(uri=URI)


def inline(document: types.TextDocumentIdentifier, line: int, character: int) -> types.InlineCompletionParams:
    """Return the params of an automatic inline completion."""
    return types.InlineCompletionParams(
        context=types.InlineCompletionContext(trigger_kind=types.InlineCompletionTriggerKind.Automatic),
        text_document=document,
        position=types.Position(line=line, character=character),
    )


async def test_an_inline_completion_is_advertised_and_answered(client: LanguageClient) -> None:
    document = open_document(client, "one 😀 two\n")
    items = await client.text_document_inline_completion_async(inline(document, 0, 7))
    assert isinstance(items, list)
    assert items[0].insert_text == "one 😀 "


async def test_hover_goes_through_pygls(client: LanguageClient) -> None:
    document = open_document(client, "one\ntwo\n")
    place = types.Position(line=1, character=0)
    hover = await client.text_document_hover_async(types.HoverParams(text_document=document, position=place))
    assert hover == types.Hover(contents="two")


async def test_typing_goes_on_while_older_requests_are_cancelled(client: LanguageClient) -> None:
    document = open_document(client, "# wait 20\n")
    ask = client.protocol.send_request_async
    waiting = [
        asyncio.create_task(
            ask(types.TEXT_DOCUMENT_INLINE_COMPLETION, inline(document, 1, 0), msg_id=f"inline-{number}")
        )
        for number in range(3)
    ]
    assert await asyncio.gather(*waiting[:2]) == [[], []]
    client.cancel_request(types.CancelParams(id="inline-2"))
    with pytest.raises(JsonRpcException) as cancelled:
        await waiting[2]
    assert cancelled.value.code == types.LSPErrorCodes.RequestCancelled


async def test_a_command_runs(client: LanguageClient) -> None:
    command = types.ExecuteCommandParams(command="echo.tell", arguments=["x"])
    assert await client.workspace_execute_command_async(command) == ["utf-16", "x"]
