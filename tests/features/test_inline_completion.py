"""Ghost text through the real server: what is inserted where, in every encoding, and what the ledger learns of it."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from desk import Desk, sit_down
from tierwise.core.text import Span, Text
from tierwise.lsp.positions import Encoding, read_span
from tierwise.rehearsal import Line

UNITS = {Encoding.UTF8: "utf-8", Encoding.UTF16: "utf-16-le", Encoding.UTF32: "utf-32-le"}
WIDTH = {Encoding.UTF8: 1, Encoding.UTF16: 2, Encoding.UTF32: 4}


def units(text: str, encoding: Encoding) -> int:
    """Return how long a text is in an encoding, counted by Python's own codecs."""
    return len(text.encode(UNITS[encoding])) // WIDTH[encoding]


def inserted(text: str, item: types.InlineCompletionItem, encoding: Encoding = Encoding.UTF16) -> str:
    """Return the document after the editor has inserted the item."""
    assert item.range is not None
    assert isinstance(item.insert_text, str)
    where: Mapping[str, Any] = {
        name: {"line": place.line, "character": place.character}
        for name, place in (("start", item.range.start), ("end", item.range.end))
    }
    document = Text.of(text)
    span: Span = read_span(where, document, encoding)
    return str(document.replace(span, item.insert_text))


def feedback(data: Path) -> list[tuple[str, float]]:
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as connection:
        return connection.execute("SELECT signal, value FROM feedback ORDER BY rowid").fetchall()


PLACES = {
    "emoji": ("x = '😀' + ", "\ny = 1\n"),
    "right to left": ("# שלום עולם\nname = ", "\n"),
    "tab": ("\tif 文字 == ", ":\n"),
    "carriage returns": ("a = 1\r\nb = ", "\r\nc = 3\r\n"),
    "joined emoji": ("é = '👩‍👩‍👧' + f(", ")\n"),
}


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_what_is_shown_goes_where_the_model_meant_it(tmp_path: Path, encoding: Encoding) -> None:
    capabilities = client_capabilities("visual-studio-code")
    offered = [types.PositionEncodingKind(encoding.value)]
    capabilities.general = types.GeneralClientCapabilities(position_encodings=offered)
    async with sit_down(tmp_path / "desk", capabilities=capabilities) as desk:
        desk.say("résumé")
        for name, (before, after) in PLACES.items():
            document = desk.open(f"{name}.py", before + after)
            character = units(before.rpartition("\n")[2], encoding)
            items = await desk.complete(document, before.count("\n"), character, invoked=False)
            made = [inserted(before + after, item, encoding) for item in items]
            assert made == [before + "résumé" + after], name


async def test_typing_it_costs_nothing_more_and_the_ledger_learns_what_became_of_it(desk: Desk) -> None:
    desk.say("alpha + beta")
    text = "x = \ny = 1\n"
    document = desk.open("file.py", text)
    (item,) = await desk.complete(document, 0, 4, invoked=False)
    assert item.insert_text == "alpha + beta"
    for version, typed in enumerate(("a", "al", "alp"), 2):
        _type(desk, document, version, 0, 3 + len(typed), typed[-1])
        (item,) = await desk.complete(document, 0, 4 + len(typed), invoked=False)
        assert item.insert_text == "alpha + beta"[len(typed) :]
    assert len(desk.vendors.requests) == 1
    _type(desk, document, 5, 0, 7, "ha + beta")
    assert item.command is not None
    assert item.command.command in (desk.result.capabilities.execute_command_provider or _no()).commands
    await desk.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=item.command.command, arguments=item.command.arguments)
    )
    await desk.until(lambda: len(feedback(desk.data)) == 2)
    assert feedback(desk.data) == [("shown", 1.0), ("accepted", 1.0)]


async def test_an_editor_may_tell_what_it_shows_and_what_was_taken_of_it(desk: Desk) -> None:
    desk.say("'😀' + beta")
    document = desk.open("file.py", "x = \n")
    (item,) = await desk.complete(document, 0, 4, invoked=False)
    plain = desk.client.protocol._converter.unstructure(item)  # pyright: ignore[reportPrivateUsage]  # as it came
    desk.client.protocol.notify("textDocument/didShowCompletion", {"item": plain})
    desk.client.protocol.notify(
        "textDocument/didPartiallyAcceptCompletion",
        {"item": plain, "acceptedLength": len("'😀'".encode("utf-16-le")) // 2},
    )
    await desk.until(lambda: len(feedback(desk.data)) == 2)
    (shown, partial) = feedback(desk.data)
    assert shown == ("shown", 1.0)
    assert partial == ("partial", pytest.approx(3 / 10))


async def test_by_hand_there_are_several_and_none_twice(desk: Desk) -> None:
    said = iter(("one", "two", "one"))
    desk.say(lambda _cue: Line(text=next(said)))
    document = desk.open("file.py", "x = \n")
    items = await desk.complete(document, 0, 4, invoked=True)
    assert sorted(str(item.insert_text) for item in items) == ["one", "two"]
    assert len(desk.vendors.requests) == 3


async def test_an_item_selected_in_the_editors_own_list_is_taken_as_written(desk: Desk) -> None:
    desk.say("(1)")
    text = "pri\n"
    document = desk.open("file.py", text)
    params = desk.inline(document, 0, 3, invoked=False)
    params.context.selected_completion_info = types.SelectedCompletionInfo(
        range=types.Range(types.Position(0, 0), types.Position(0, 3)), text="print"
    )
    answer = await desk.client.text_document_inline_completion_async(params)
    assert isinstance(answer, types.InlineCompletionList)
    assert [inserted(text, item) for item in answer.items] == ["print(1)\n"]
    _type(desk, document, 2, 0, 3, "nt")
    items = await desk.complete(document, 0, 5, invoked=False)
    assert [item.insert_text for item in items] == ["(1)"]
    assert len(desk.vendors.requests) == 1


async def test_what_a_key_overtakes_is_answered_empty_and_its_connection_closed(desk: Desk) -> None:
    desk.say(Line(text="alpha + beta", delay=20.0))
    document = desk.open("file.py", "x = \n\n\n")
    first = asyncio.create_task(desk.complete(document, 0, 4, invoked=False))
    request = await desk.vendors.request(0)
    desk.say("beta")
    items = await desk.complete(document, 2, 0, invoked=False)
    assert [item.insert_text for item in items] == ["beta"]
    assert await first == []
    assert (await request.over()).ended == "closed"
    entries = await desk.history(2)
    asked = [attempt.result for entry in entries for attempt in entry.attempts if attempt.tier != "local"]
    assert sorted(asked) == ["accepted", "cancelled"]


async def test_cells_of_a_notebook_are_documents_like_others(desk: Desk) -> None:
    assert desk.result.capabilities.notebook_document_sync is not None
    desk.say("beta")
    book = (desk.root / "book.ipynb").as_uri()
    cell, other = (
        types.TextDocumentItem(uri=f"{book}#{name}", language_id="python", version=1, text=f"{name} = \n")
        for name in ("x", "y")
    )
    notebook = types.NotebookDocument(uri=book, notebook_type="jupyter-notebook", version=1, cells=[])
    desk.client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(notebook_document=notebook, cell_text_documents=[cell])
    )
    one, two = (types.TextDocumentIdentifier(uri=item.uri) for item in (cell, other))
    assert [item.insert_text for item in await desk.complete(one, 0, 4)] == ["beta"]
    place = types.Position(0, 4)
    edit = types.NotebookDocumentCellContentChanges(
        document=types.VersionedTextDocumentIdentifier(uri=cell.uri, version=2),
        changes=[types.TextDocumentContentChangePartial(range=types.Range(place, place), text="be")],
    )
    structure = types.NotebookDocumentCellChangeStructure(
        array=types.NotebookCellArrayChange(start=1, delete_count=0), did_open=[other]
    )
    desk.client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            notebook_document=types.VersionedNotebookDocumentIdentifier(uri=book, version=2),
            change=types.NotebookDocumentChangeEvent(
                cells=types.NotebookDocumentCellChanges(structure=structure, text_content=[edit])
            ),
        )
    )
    desk.say("gamma")
    assert [item.insert_text for item in await desk.complete(two, 0, 4)] == ["gamma"]
    desk.say("alth")
    items = await desk.complete(one, 0, 6)
    assert [inserted("x = be\n", item) for item in items] == ["x = bealth\n"]


async def test_the_model_sees_the_other_cells_of_a_notebook(desk: Desk) -> None:
    """With the URIs that VS Code gives to cells, which name the notebook's file."""
    desk.say("head()")
    (desk.root / "book.ipynb").write_text("{}")
    uris = [f"vscode-notebook-cell:{desk.root}/book.ipynb#W{number}sZmlsZQ%3D%3D" for number in range(2)]
    texts = ("table = read_the_table()\n", "table.\n")
    cells = [
        types.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
        for uri, text in zip(uris, texts, strict=True)
    ]
    notebook = types.NotebookDocument(
        uri=f"file://{desk.root}/book.ipynb", notebook_type="jupyter-notebook", version=1, cells=[]
    )
    desk.client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(notebook_document=notebook, cell_text_documents=cells)
    )
    (item,) = await desk.complete(types.TextDocumentIdentifier(uri=uris[1]), 0, 6)
    assert item.insert_text == "head()"
    assert "read_the_table()" in str(desk.vendors.requests[-1].body)


async def test_many_cursors_change_one_document_at_once(desk: Desk) -> None:
    desk.say("alpha")
    text = "x = \ny = \n"
    document = desk.open("file.py", text)
    await desk.complete(document, 0, 4, invoked=False)
    changes = [
        types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(line, 4), types.Position(line, 4)), text="a"
        )
        for line in (1, 0)
    ]
    desk.client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=document.uri, version=2), content_changes=changes
        )
    )
    desk.say("nother")
    items = await desk.complete(document, 0, 5, invoked=False)
    assert [inserted("x = a\ny = a\n", item) for item in items] == ["x = another\ny = a\n"]
    assert len(desk.vendors.requests) == 2, "what was written for the document as it was is not served here"


def _type(
    desk: Desk, document: types.TextDocumentIdentifier, version: int, line: int, character: int, text: str
) -> None:
    place = types.Position(line, character)
    desk.client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=document.uri, version=version),
            content_changes=[types.TextDocumentContentChangePartial(range=types.Range(place, place), text=text)],
        )
    )


def _no() -> types.ExecuteCommandOptions:
    raise AssertionError("the server offers no commands")


async def test_the_model_sees_the_workspace_s_definitions_and_the_problems_nearby(tmp_path: Path) -> None:
    """The definition stands in a file that is not open; the problem is one that the editor sent with a menu."""
    project = tmp_path / "desk" / "project"
    project.mkdir(parents=True)
    (project / "prices.py").write_text("def total_of(order, *, discount=0):\n    return order.sum * (1 - discount)\n")
    async with sit_down(tmp_path / "desk") as desk:
        desk.say("order)")
        document = desk.open("shop.py", "import nothing_like_it\n\n" + "x = total_of(\n" * 40)
        problem = types.Diagnostic(
            range=types.Range(types.Position(0, 7), types.Position(0, 22)),
            message="nothing_like_it cannot be imported",
            severity=types.DiagnosticSeverity.Error,
        )
        await desk.actions(document, (0, 7), problems=(problem,))
        asked = ""
        for line in range(2, 40):
            await desk.complete(document, line, 13)
            asked = str(desk.vendors.requests[-1].body)
            if line < 10:
                assert "error on line 1: nothing_like_it cannot be imported" in asked
            if "def total_of(order, *, discount=0)" in asked:
                return
            await asyncio.sleep(0.1)  # the workspace is read in the background
        pytest.fail(f"the definition is not in {asked}")
