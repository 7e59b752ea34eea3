"""The server's life in a process of its own, driven over its standard streams by a client that can be rude."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from rawclient import ECHO_SERVER, RawProcess, framed, process
from tierwise.lsp import Code

URI = "file:///work/a.py"


def at(line: int, character: int) -> dict[str, Any]:
    """Return the params of a request at a place."""
    return {"textDocument": {"uri": URI}, "position": {"line": line, "character": character}}


@pytest_asyncio.fixture
async def server() -> AsyncGenerator[RawProcess]:
    """Run an initialized server."""
    async with process() as client:
        await client.initialize({"window": {"workDoneProgress": True}, "workspace": {"configuration": True}})
        yield client


async def text(server: RawProcess) -> object:
    """Return the document as the server has it."""
    found = await server.ask("echo/text", {"textDocument": {"uri": URI}})
    return found and (found["text"], found["version"])


class TestInitialize:
    async def test_capabilities_are_those_of_the_edge_and_of_every_feature(self) -> None:
        async with process() as client:
            result = await client.initialize({"general": {"positionEncodings": ["utf-32"]}})
        assert result["serverInfo"]["name"] == "tierwise"
        capabilities = result["capabilities"]
        assert capabilities["positionEncoding"] == "utf-32"
        assert capabilities["textDocumentSync"] == {"openClose": True, "change": 2, "save": {"includeText": False}}
        assert capabilities["inlineCompletionProvider"] is True
        assert capabilities["hoverProvider"] is True
        assert "echo.tell" in capabilities["executeCommandProvider"]["commands"]

    async def test_it_is_answered_before_pygls_is_imported_and_hot_requests_do_not_wait_for_it(self) -> None:
        async with process([*ECHO_SERVER, "--without-pygls"]) as client:
            await client.initialize()
            client.open(URI, "hello")
            assert (await client.ask("textDocument/inlineCompletion", at(0, 2)))[0]["insertText"] == "he"
            assert await client.fail("textDocument/hover", at(0, 0)) == Code.INTERNAL_ERROR
            assert await client.leave() == 0

    async def test_requests_before_it_are_refused_and_notifications_dropped(self) -> None:
        async with process() as client:
            client.open(URI, "too early")
            assert await client.fail("textDocument/hover", at(0, 0)) == Code.SERVER_NOT_INITIALIZED
            await client.initialize()
            assert await text(client) is None

    async def test_a_second_one_is_refused(self, server: RawProcess) -> None:
        assert await server.fail("initialize", {"capabilities": {}}) == Code.INVALID_REQUEST

    async def test_nonsense_in_it_does_not_stop_the_server(self) -> None:
        async with process() as client:
            result = await client.ask("initialize", {"capabilities": 7, "workspaceFolders": "x", "clientInfo": []})
            assert result["capabilities"]["positionEncoding"] == "utf-16"

    async def test_nothing_is_said_to_the_client_before_it_is_initialized(self) -> None:
        async with process() as client:
            await client.ask("initialize", {"capabilities": {}})
            assert await client.fail("echo/none") == Code.METHOD_NOT_FOUND
            assert client.heard == []
            client.notify("initialized", {})
            assert (await client.hear("echo/state"))["params"] == "built"


class TestDocuments:
    async def test_changes_apply_in_order_each_to_what_the_one_before_left(self, server: RawProcess) -> None:
        server.open(URI, "one\ntwo\n")
        start, end = {"line": 0, "character": 0}, {"line": 1, "character": 0}
        server.change(
            URI,
            2,
            {"range": {"start": start, "end": end}, "text": ""},
            {"range": {"start": start, "end": start}, "text": "> "},
        )
        assert await text(server) == ("> two\n", 2)

    async def test_a_change_without_range_is_the_whole_document(self, server: RawProcess) -> None:
        server.open(URI, "one")
        server.change(URI, 2, {"text": "other"})
        assert await text(server) == ("other", 2)

    async def test_columns_are_in_the_negotiated_units(self) -> None:
        for encoding, column in (("utf-8", 5), ("utf-16", 3), ("utf-32", 2)):
            async with process() as client:
                await client.initialize({"general": {"positionEncodings": [encoding]}})
                client.open(URI, "a😀b")
                here = {"line": 0, "character": column}
                client.change(URI, 2, {"range": {"start": here, "end": here}, "text": "|"})
                assert await text(client) == ("a😀|b", 2)
                items = await client.ask("textDocument/inlineCompletion", at(0, column))
                assert items[0]["range"]["start"] == here

    async def test_half_a_surrogate_pair_keeps_its_width_and_harms_nothing(self, server: RawProcess) -> None:
        server.open(URI, "a\ud83db")
        here = {"line": 0, "character": 2}
        server.change(URI, 2, {"range": {"start": here, "end": here}, "text": "|"})
        assert await text(server) == ("a\ufffd|b", 2)

    @pytest.mark.parametrize(
        "params",
        [
            None,
            [],
            {},
            {"textDocument": {"uri": URI}},
            {"textDocument": {"uri": URI, "version": 2}, "contentChanges": {}},
            {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": "half"}, {"text": 5}]},
            {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": "x", "range": 5}]},
            {"textDocument": {"uri": 5, "version": 2}, "contentChanges": [{"text": "x"}]},
            {"textDocument": {"uri": "file:///unknown", "version": 2}, "contentChanges": [{"text": "x"}]},
        ],
    )
    async def test_malformed_and_unknown_changes_change_nothing(self, server: RawProcess, params: object) -> None:
        server.open(URI, "as it was")
        server.notify("textDocument/didChange", params)
        assert await text(server) == ("as it was", 1)

    async def test_a_version_that_goes_back_is_logged_and_applied(self, server: RawProcess) -> None:
        server.open(URI, "one", version=5)
        server.change(URI, 4, {"text": "two"})
        assert await text(server) == ("two", 4)
        assert "version 4 after version 5" in await server.stderr_line()

    async def test_a_closed_document_is_forgotten(self, server: RawProcess) -> None:
        server.open(URI, "one")
        server.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        server.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        assert await text(server) is None


class TestRequests:
    async def test_a_cancelled_one_is_answered_so_at_once(self, server: RawProcess) -> None:
        server.open(URI, "# wait 30\n")
        request = server.start("textDocument/inlineCompletion", at(0, 0))
        server.notify("$/cancelRequest", {"id": request})
        assert (await server.answer(request))["error"]["code"] == Code.REQUEST_CANCELLED

    async def test_a_typed_one_can_be_cancelled_before_and_after_pygls_is_there(self) -> None:
        async with process() as client:
            await client.initialize()
            client.open(URI, "# wait 30\n")
            for _ in range(2):
                request = client.start("textDocument/hover", at(0, 0))
                client.notify("$/cancelRequest", {"id": request})
                assert (await client.answer(request))["error"]["code"] == Code.REQUEST_CANCELLED
                client.open(URI, "x", version=2)
                assert (await client.ask("textDocument/hover", at(0, 0)))["contents"] == "x"
                client.open(URI, "# wait 30\n", version=3)

    async def test_an_overtaken_one_is_answered_empty(self, server: RawProcess) -> None:
        server.open(URI, "# wait 30\n")
        older = server.start("textDocument/inlineCompletion", at(0, 0))
        server.open(URI, "quick\n", version=2)
        newer = server.start("textDocument/inlineCompletion", at(0, 5))
        assert (await server.answer(older))["result"] == []
        assert (await server.answer(newer))["result"][0]["insertText"] == "quick"

    async def test_one_sees_the_document_as_it_was_when_it_was_sent(self, server: RawProcess) -> None:
        """Though all four messages may arrive in one piece."""
        server.open(URI, "old")
        older = server.start("echo/text", {"textDocument": {"uri": URI}})
        server.change(URI, 2, {"text": "new"})
        newer = server.start("echo/text", {"textDocument": {"uri": URI}})
        assert (await server.answer(older))["result"] == {"text": "old", "version": 1}
        assert (await server.answer(newer))["result"] == {"text": "new", "version": 2}

    async def test_cancelling_what_is_answered_or_unknown_changes_nothing(self, server: RawProcess) -> None:
        for request in (1, "none", None, {}, 4.5):
            server.notify("$/cancelRequest", {"id": request})
        assert await text(server) is None

    @pytest.mark.parametrize("method", ["textDocument/didClose", "notebookDocument/didClose", "exit"])
    async def test_a_notification_with_an_id_is_refused_not_left_without_an_answer(
        self, server: RawProcess, method: str
    ) -> None:
        assert await server.fail(method, {"notebookDocument": {"uri": "a"}, "cellTextDocuments": []}) in {
            Code.INVALID_REQUEST,
            Code.METHOD_NOT_FOUND,
        }

    async def test_an_unknown_method_is_said_to_be_unknown(self, server: RawProcess) -> None:
        assert await server.fail("echo/none", {}) == Code.METHOD_NOT_FOUND
        assert await server.fail("$/none") == Code.METHOD_NOT_FOUND
        server.notify("echo/none", {})
        server.notify("$/none", [])
        assert await text(server) is None

    @pytest.mark.parametrize("method", ["echo/crash", "echo/unsayable"])
    async def test_a_defect_is_an_error_that_quotes_no_code(self, server: RawProcess, method: str) -> None:
        answer = await server.answer(server.start(method, {"code": "secret"}))
        assert answer["error"]["code"] == Code.INTERNAL_ERROR
        assert "secret" not in json.dumps(answer)

    async def test_a_typed_handler_s_defect_is_one_too(self, server: RawProcess) -> None:
        answer = await server.answer(server.start("textDocument/hover", at(0, 0)))
        assert answer["error"]["code"] == Code.INTERNAL_ERROR
        assert "secret" not in json.dumps(answer)
        assert "ValueError" not in json.dumps(answer)

    async def test_a_typed_handler_may_run_in_a_thread(self, server: RawProcess) -> None:
        assert await server.ask("textDocument/declaration", at(0, 0)) == []

    async def test_a_typed_handler_may_ask_the_client(self, server: RawProcess) -> None:
        request = server.start("textDocument/implementation", at(0, 0))
        question = await server.hear("window/showMessageRequest")
        server.send({"jsonrpc": "2.0", "id": question["id"], "result": {"title": "file:///there"}})
        assert (await server.answer(request))["result"]["uri"] == "file:///there"

    async def test_params_of_the_wrong_type_are_an_error(self, server: RawProcess) -> None:
        assert await server.fail("textDocument/hover", {"textDocument": 5}) == Code.INVALID_PARAMS
        assert await server.fail("textDocument/hover") == Code.INVALID_PARAMS
        assert await server.fail("textDocument/inlineCompletion", [1]) == Code.INVALID_PARAMS
        assert await server.fail("textDocument/inlineCompletion", {"textDocument": 5}) == Code.INVALID_PARAMS
        assert await server.fail("workspace/executeCommand", {"command": "none"}) == Code.INVALID_PARAMS

    async def test_an_id_in_use_is_refused_and_its_first_owner_served(self, server: RawProcess) -> None:
        server.open(URI, "# wait 0.3\n")
        request = server.start("textDocument/inlineCompletion", at(1, 0))
        server.send({"jsonrpc": "2.0", "id": request, "method": "echo/text", "params": {}})
        assert (await server.answer(request))["error"]["code"] == Code.INVALID_REQUEST
        assert (await server.answer(request))["result"][0]["insertText"] == ""

    @pytest.mark.parametrize("identity", [True, 1.5, None, [], {}])
    async def test_an_id_that_is_none_is_refused(self, server: RawProcess, identity: object) -> None:
        server.send({"jsonrpc": "2.0", "id": identity, "method": "echo/text", "params": {}})
        assert (await server.answer(None))["error"]["code"] == Code.INVALID_REQUEST

    async def test_what_handlers_print_does_not_reach_the_client(self, server: RawProcess) -> None:
        arguments = {"command": "echo.tell", "arguments": [1, {"a": "ü"}]}
        assert await server.ask("workspace/executeCommand", arguments) == ["utf-16", 1, {"a": "ü"}]
        assert await server.stderr_line() == "stray\n"

    async def test_a_notification_handler_s_defect_is_logged_without_its_text(self, server: RawProcess) -> None:
        server.notify("echo/crashed", {"other": "hidden"})
        assert await text(server) is None
        await server.leave()
        log = await server.stderr()
        assert "KeyError" in log
        assert "secret" not in log


class TestAsking:
    """What the server asks of the client."""

    async def test_settings_are_asked_for_by_the_top_section(self, server: RawProcess) -> None:
        request = server.start("workspace/executeCommand", {"command": "echo.settings"})
        question = await server.hear("workspace/configuration")
        assert question["params"] == {"items": [{"section": "tierwise"}]}
        server.send({"jsonrpc": "2.0", "id": question["id"], "result": [{"tiers": {}}]})
        assert (await server.answer(request))["result"] == {"tiers": {}}

    @pytest.mark.parametrize(
        "reply", [{"result": [None]}, {"result": None}, {"result": []}, {"error": {"code": -32601, "message": "no"}}]
    )
    async def test_an_editor_without_settings_has_none(self, server: RawProcess, reply: dict[str, Any]) -> None:
        request = server.start("workspace/executeCommand", {"command": "echo.settings"})
        question = await server.hear("workspace/configuration")
        server.send({"jsonrpc": "2.0", "id": question["id"], **reply})
        assert (await server.answer(request))["result"] is None

    async def test_progress_is_created_shown_and_cancellable(self, server: RawProcess) -> None:
        request = server.start("workspace/executeCommand", {"command": "echo.labour"})
        created = await server.hear("window/workDoneProgress/create")
        token = created["params"]["token"]
        server.send({"jsonrpc": "2.0", "id": created["id"], "result": None})
        begun, reported = [await server.hear("$/progress") for _ in range(2)]
        assert begun["params"] == {"token": token, "value": {"kind": "begin", "title": "Working", "cancellable": True}}
        assert reported["params"]["value"] == {"kind": "report", "message": "half", "percentage": 50}
        server.notify("window/workDoneProgress/cancel", {"token": token})
        ended = await server.hear("$/progress")
        assert ended["params"] == {"token": token, "value": {"kind": "end"}}
        assert (await server.answer(request))["error"]["code"] == Code.REQUEST_CANCELLED

    async def test_where_the_editor_refuses_a_progress_bar_the_work_goes_on_without(self, server: RawProcess) -> None:
        request = server.start("workspace/executeCommand", {"command": "echo.labour"})
        created = await server.hear("window/workDoneProgress/create")
        server.send({"jsonrpc": "2.0", "id": created["id"], "error": {"code": -1, "message": "no"}})
        assert await text(server) is None
        server.notify("$/cancelRequest", {"id": request})
        assert (await server.answer(request))["error"]["code"] == Code.REQUEST_CANCELLED
        assert [each for each in server.heard if each.get("method") == "$/progress"] == []

    async def test_an_edit_is_applied_to_the_version_it_was_made_for(self, server: RawProcess) -> None:
        server.open(URI, "abc", version=7)
        request = server.start("workspace/executeCommand", {"command": "echo.shout", "arguments": [URI]})
        question = await server.hear("workspace/applyEdit")
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 3}}
        assert question["params"]["edit"] == {"changes": {URI: [{"range": whole, "newText": "ABC"}]}}
        server.send({"jsonrpc": "2.0", "id": question["id"], "result": {"applied": True}})
        assert (await server.answer(request))["result"] is None
        stale = {"command": "echo.shout", "arguments": [URI, 6]}
        assert "has changed" in await server.ask("workspace/executeCommand", stale)

    async def test_answers_nobody_asked_for_are_ignored(self, server: RawProcess) -> None:
        for identity in ("tierwise-99", 7, None, {}):
            server.send({"jsonrpc": "2.0", "id": identity, "result": {}})
            server.send({"jsonrpc": "2.0", "id": identity, "error": "nonsense"})
        assert await text(server) is None


class TestEnd:
    async def test_shutdown_answers_all_and_leaves_the_lifespan_then_exit_is_zero(self, server: RawProcess) -> None:
        server.open(URI, "# wait 30\n")
        methods = ("textDocument/inlineCompletion", "textDocument/hover")
        waiting = [server.start(method, at(0, 0)) for method in methods]
        goodbye = server.start("shutdown")
        for request in waiting:
            assert (await server.answer(request))["error"]["code"] == Code.REQUEST_CANCELLED
        assert (await server.answer(goodbye))["result"] is None
        assert [each["params"] for each in server.heard if each.get("method") == "echo/state"] == ["built", "closed"]
        assert await server.fail("textDocument/hover", at(0, 0)) == Code.INVALID_REQUEST
        server.notify("exit")
        assert await server.ended() == 0

    async def test_exit_without_shutdown_ends_with_one(self, server: RawProcess) -> None:
        server.notify("exit")
        assert await server.ended() == 1

    async def test_a_client_that_is_gone_ends_the_server(self, server: RawProcess) -> None:
        server.open(URI, "# wait 30\n")
        server.start("textDocument/inlineCompletion", at(0, 0))
        server.hang_up()
        assert await server.ended() == 1
        assert "Traceback" not in await server.stderr()

    async def test_a_client_that_does_not_read_stops_neither_reading_nor_ending(self, server: RawProcess) -> None:
        server.open(URI, "x" * 1_000_000)
        for _ in range(20):
            server.start("echo/text", {"textDocument": {"uri": URI}})
        server.notify("exit")
        assert await server.ended() == 1

    async def test_exit_before_initialize_ends_with_one(self) -> None:
        async with process() as client:
            client.notify("exit")
            assert await client.ended() == 1


async def test_the_log_file_names_defects_and_quotes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "tierwise.log"
    async with process([*ECHO_SERVER, "--log", str(file)]) as client:
        await client.initialize()
        client.open(URI, "secret code")
        await client.fail("echo/crash", {"code": "secret"})
        await client.fail("textDocument/hover", {"textDocument": "secret"})
        client.send_bytes(framed(b"secret"))
        assert (await client.answer(None))["error"]["code"] == Code.PARSE_ERROR
        assert await client.leave() == 0
    logged = file.read_text()
    assert "echo/crash failed" in logged
    assert "ValueError" in logged
    assert "echo_server.py" in logged
    assert "secret" not in logged


async def test_regular_files_serve_as_standard_streams(tmp_path: Path) -> None:
    """Files cannot be waited for by the event loop: threads read and write them."""
    source, sink = tmp_path / "in", tmp_path / "out"
    said = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
    ]
    source.write_bytes(b"".join(framed(json.dumps(message).encode()) for message in said))
    with source.open("rb") as stdin, sink.open("wb") as stdout:
        started = await asyncio.create_subprocess_exec(*ECHO_SERVER, stdin=stdin, stdout=stdout)
        assert await asyncio.wait_for(started.wait(), 10) == 0
    assert b'"id":2,"result":null' in sink.read_bytes()
