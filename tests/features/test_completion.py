"""The completion list of editors without ghost text."""

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from desk import Desk, sit_down
from tierwise.features.suggestions.listing import LABEL, label


def without_ghost_text() -> types.ClientCapabilities:
    capabilities = client_capabilities("neovim")
    assert capabilities.text_document is not None
    capabilities.text_document.inline_completion = None
    return capabilities


async def listed(desk: Desk, document: types.TextDocumentIdentifier, line: int, character: int) -> types.CompletionList:
    place = types.Position(line, character)
    answer = await desk.client.text_document_completion_async(
        types.CompletionParams(text_document=document, position=place)
    )
    assert isinstance(answer, types.CompletionList)
    return answer


async def test_the_same_suggestion_as_an_item_that_fits_what_is_typed(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", capabilities=without_ghost_text()) as desk:
        assert desk.result.capabilities.completion_provider is not None
        desk.say("ha + beta")
        document = desk.open("file.py", "x = alp\n")
        answer = await listed(desk, document, 0, 7)
        assert answer.is_incomplete
        (item,) = answer.items
        assert item.label == "alpha + beta"
        assert item.filter_text == "alpha + beta"
        assert (item.sort_text or "") > "zzz", "the language's own items come first"
        assert item.preselect is None
        assert isinstance(item.text_edit, types.TextEdit)
        assert item.text_edit.new_text == "alpha + beta"
        assert item.text_edit.range == types.Range(types.Position(0, 4), types.Position(0, 7))
        assert item.command is not None

        place = types.Position(0, 7)
        desk.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=document.uri, version=2),
                content_changes=[types.TextDocumentContentChangePartial(range=types.Range(place, place), text="h")],
            )
        )
        (again,) = (await listed(desk, document, 0, 8)).items
        assert (again.label, again.sort_text) == (item.label, item.sort_text), "the list does not flicker"
        assert len(desk.vendors.requests) == 1


async def test_single_words_of_the_workspace_where_no_more_is_sure(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", capabilities=without_ghost_text()) as desk:
        desk.say("")
        lines = "def remainder(amount):\n    return amount\n\n\ndef remember(amount):\n    return amount\n\n\nprint(rem"
        document = desk.open("file.py", lines)
        answer = await listed(desk, document, 8, 9)
        labels = [item.label for item in answer.items]
        assert {"remainder", "remember"} == set(labels)
        item = answer.items[0]
        assert isinstance(item.text_edit, types.TextEdit)
        assert item.text_edit.range == types.Range(types.Position(8, 6), types.Position(8, 9))
        assert item.detail == "Tierwise · local/workspace"
        assert item.command is not None
        await desk.client.workspace_execute_command_async(
            types.ExecuteCommandParams(command=item.command.command, arguments=item.command.arguments)
        )
        found = next(entry for entry in await desk.history(2) if entry.kind == "words")
        assert found.cost == 0.0
        assert [attempt.tier for attempt in found.attempts] == ["local"]


async def test_where_there_is_nothing_the_editor_shall_ask_again(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", capabilities=without_ghost_text()) as desk:
        document = desk.open("file.py", "some_name = 1\n")
        answer = await listed(desk, document, 0, 4)
        assert (answer.is_incomplete, list(answer.items)) == (True, [])
        assert desk.vendors.requests == []


async def test_an_editor_with_ghost_text_is_not_offered_the_list(tmp_path: Path) -> None:
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document is not None
    capabilities.text_document.inline_completion = types.InlineCompletionClientCapabilities()
    async with sit_down(tmp_path / "desk", capabilities=capabilities) as desk:
        assert desk.result.capabilities.completion_provider is None
        assert desk.result.capabilities.inline_completion_provider


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("alpha", "alpha"),
        ("    alpha(\n        beta)", "alpha(…"),
        ("\n\treturn x\n", "return x"),
        ("x" * (LABEL + 1), "x" * (LABEL - 1) + "…"),
        ("a  =\t1", "a = 1"),
    ],
)
def test_labels_are_one_readable_line(text: str, shown: str) -> None:
    assert label(text) == shown
