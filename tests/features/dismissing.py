"""What the menu offers to dismiss findings, and taking it."""

from ast import literal_eval
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient


async def dismissals(client: LanguageClient, uri: str, found: types.Diagnostic) -> dict[str, Any]:
    """Return the commands, as plain objects, that dismiss a finding, by the first words of their actions' titles."""
    context = types.CodeActionContext(diagnostics=[found], only=["quickfix"])
    document = types.TextDocumentIdentifier(uri=uri)
    params = types.CodeActionParams(text_document=document, range=found.range, context=context)
    offered = await client.text_document_code_action_async(params) or []
    # lsprotocol takes every action with a command for a bare command, whose name is then the object in words
    ours = [action for action in offered if action.title.startswith("Dismiss")]
    return {action.title.partition(":")[0]: literal_eval(str(action.command)) for action in ours}


async def take(client: LanguageClient, command: Any) -> None:
    """Choose it."""
    params = types.ExecuteCommandParams(command=command["command"], arguments=command["arguments"])
    await client.workspace_execute_command_async(params)
