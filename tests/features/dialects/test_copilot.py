"""What plugins written for Copilot's server say, in the order in which they say it, to a real server of ours."""

import subprocess
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from features.dialects.seat import Seat, sit_down
from tierwise.lsp import Code

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPTIONS = {"editorInfo": {"name": "neovim", "version": "0.12.0"}, "editorPluginInfo": {"name": "some", "version": "1"}}
PARAMS = {
    "initializationOptions": OPTIONS,
    "capabilities": {"general": {"positionEncodings": ["utf-8", "utf-16"]}},
}
ACCEPT = "github.copilot.didAcceptCompletionItem"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seat(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seat]:
    async with sit_down(tmp_path_factory.mktemp("desk"), PARAMS) as seat:
        yield seat


def at(uri: str, character: int, version: int = 1, line: int = 0) -> dict[str, Any]:
    document = {"uri": uri, "version": version}
    return {"textDocument": document, "position": {"line": line, "character": character}}


async def test_it_looks_like_what_they_expect(seat: Seat) -> None:
    capabilities = seat.result["capabilities"]
    assert capabilities["positionEncoding"] == "utf-16", "they count so, whatever they offer"
    assert capabilities["inlineCompletionProvider"]
    assert "completionProvider" not in capabilities
    assert ACCEPT in capabilities["executeCommandProvider"]["commands"]
    assert (await seat.client.hear("didChangeStatus"))["params"] == {"busy": False, "kind": "Normal", "message": ""}
    assert (await seat.client.hear("statusNotification"))["params"]["status"] == "Normal"


async def test_everybody_is_signed_in(seat: Seat) -> None:
    assert await seat.client.ask("setEditorInfo", OPTIONS) == "OK"
    for method in ("signIn", "signInInitiate"):
        assert (await seat.client.ask(method, {}))["status"] == "AlreadySignedIn"
    for method in ("checkStatus", "signInConfirm"):
        assert await seat.client.ask(method, {}) == {"status": "OK", "user": "tierwise"}
    assert (await seat.client.ask("getVersion", {}))["version"]


async def test_what_is_not_ours_is_answered_properly(seat: Seat) -> None:
    assert await seat.client.fail("conversation/create", {}) == Code.METHOD_NOT_FOUND
    assert await seat.client.fail("getCompletions", {"doc": {"uri": "file:///never/opened.py"}}) == Code.INVALID_PARAMS


async def test_a_version_of_the_document_that_is_not_there_gets_nothing(seat: Seat) -> None:
    seat.say("alpha")
    uri = seat.open("versions.py", "x = \n")
    asked = {"context": {"triggerKind": 2}}
    for version, shown in ((1, ["alpha"]), (2, []), (0, [])):
        answer = await seat.client.ask("textDocument/inlineCompletion", {**at(uri, 4, version), **asked})
        assert [item["insertText"] for item in answer["items"]] == shown


async def test_the_sequence_of_a_ghost_text_plugin(seat: Seat) -> None:
    """The public protocol: focus, ask with versions and formatting options, shown, word by word, accepted."""
    seat.say("ha + beta")
    uri = seat.open("inline.py", "x = '😀'; y = alp\n")
    seat.client.notify("textDocument/didFocus", {"textDocument": {"uri": uri}})
    asked = {**at(uri, 17), "context": {"triggerKind": 2}, "formattingOptions": {"tabSize": 4, "insertSpaces": True}}
    (item,) = (await seat.client.ask("textDocument/inlineCompletion", asked))["items"]
    assert item["insertText"] == "ha + beta"
    assert item["range"] == {"start": {"line": 0, "character": 17}, "end": {"line": 0, "character": 17}}
    assert item["command"]["command"] == ACCEPT
    seat.client.notify("textDocument/didShowCompletion", {"item": item})
    seat.client.notify("textDocument/didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 4})
    command = item["command"]
    (task,) = command["arguments"]
    assert (await seat.signals(task, "partial"))["partial"] == pytest.approx(4 / 9)
    await seat.client.ask(
        "workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}
    )
    assert "accepted" in await seat.signals(task, "accepted")


async def test_a_version_that_is_no_more_gets_nothing(seat: Seat) -> None:
    uri = seat.open("old.py", "x = alp\n", version=3)
    asked = {**at(uri, 7, version=2), "context": {"triggerKind": 1}}
    assert await seat.client.ask("textDocument/inlineCompletion", asked) == {"items": []}


async def test_the_sequence_of_copilot_lsp_for_neovim(seat: Seat) -> None:
    """Its requests as its source has them: focus, an inline edit for a version, shown, the item's command."""
    seat.say("ma")
    uri = seat.open("edit.py", "z = gam\n")
    seat.client.notify("textDocument/didFocus", {"textDocument": {"uri": uri}})
    (edit,) = (await seat.client.ask("textDocument/copilotInlineEdit", at(uri, 7)))["edits"]
    assert (edit["text"], edit["textDocument"]) == ("ma", {"uri": uri, "version": 1})
    assert edit["range"]["start"] == {"line": 0, "character": 7}
    seat.client.notify("textDocument/didShowInlineEdit", {"item": {"command": edit["command"]}})
    await seat.client.ask("workspace/executeCommand", edit["command"])
    assert "accepted" in await seat.signals(edit["command"]["arguments"][0], "accepted")


async def test_the_sequence_of_an_older_plugin(seat: Seat) -> None:
    """``getCompletions`` with the text in ``source``, as Sublime's plugin sends it; the three ``notify`` requests."""
    seat.say("(first)")
    doc = {
        "source": "    value = compute\n",
        "tabSize": 4,
        "indentSize": 1,
        "insertSpaces": True,
        "path": "/w/older.py",
        "uri": "file:///w/older.py",
        "relativePath": "older.py",
        "languageId": "python",
        "position": {"line": 0, "character": 19},
        "version": 7,
    }
    (found,) = (await seat.client.ask("getCompletions", {"doc": doc}))["completions"]
    assert found["text"] == "    value = compute(first)"
    assert found["displayText"] == "(first)"
    assert found["range"] == {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 19}}
    assert (found["position"], found["docVersion"]) == (doc["position"], 7)
    assert await seat.client.ask("notifyShown", {"uuid": found["uuid"]}) == "OK"
    assert await seat.client.ask("notifyAccepted", {"uuid": found["uuid"], "acceptedLength": 3}) == "OK"
    assert (await seat.signals(found["uuid"], "partial"))["partial"] == pytest.approx(3 / 7)
    assert await seat.client.ask("notifyAccepted", {"uuid": found["uuid"]}) == "OK"

    seat.say("* 2")
    doc |= {"source": "other = value \n", "position": {"line": 0, "character": 14}, "version": 8}
    (second,) = (await seat.client.ask("getCompletionsCycling", {"doc": doc}))["completions"]
    assert await seat.client.ask("notifyRejected", {"uuids": [second["uuid"]]}) == "OK"
    assert (await seat.signals(second["uuid"], "rejected"))["rejected"] == 0.0


async def test_panels_in_both_forms(seat: Seat) -> None:
    seat.say("ta")
    uri = seat.open("panel.py", "b = be\n")
    params = {**at(uri, 6), "partialResultToken": "p1"}
    assert await seat.client.ask("textDocument/copilotPanelCompletion", params) == {"items": []}
    part = (await seat.client.hear("$/progress"))["params"]
    assert part["token"] == "p1"
    assert part["value"]["items"][0]["insertText"] == "ta"

    doc = {"uri": uri, "version": 1, "position": {"line": 0, "character": 6}}
    answer = await seat.client.ask("getPanelCompletions", {"doc": doc, "panelId": "copilot:///1"})
    solution = (await seat.client.hear("PanelSolution"))["params"]
    assert (solution["panelId"], solution["completionText"]) == ("copilot:///1", "b = beta")
    assert (await seat.client.hear("PanelSolutionsDone"))["params"] == {"panelId": "copilot:///1", "status": "OK"}
    assert answer == {"solutionCountTarget": 1}


@pytest.fixture
def repository(seat: Seat) -> None:
    """Make the folder a repository with a change that is staged."""
    (seat.root / "new.py").write_text("x = 1\n")
    for words in (("init", "-q"), ("add", "new.py")):
        subprocess.run(["git", "-C", str(seat.root), *words], check=True)


@pytest.mark.usefixtures("repository")
async def test_a_commit_message(seat: Seat) -> None:
    seat.say("prices: begin")
    answer = await seat.client.ask("git/commitGenerate", {"changes": ["+x = 1"], "recentCommits": []})
    assert answer == {"commitMessage": "prices: begin"}


async def test_the_flag_speaks_for_a_client_that_does_not_say_so(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", {}, "--dialect", "copilot") as seat:
        assert (await seat.client.ask("checkStatus", {}))["status"] == "OK"


async def test_other_clients_are_not_offered_their_commands(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", {}) as seat:
        assert ACCEPT not in seat.result["capabilities"]["executeCommandProvider"]["commands"]
        assert await seat.client.fail("checkStatus", {}) == Code.METHOD_NOT_FOUND


async def test_a_pause_is_told_in_their_words(seat: Seat) -> None:
    await seat.client.ask("tierwise/pause", {"paused": True})
    while (await seat.client.hear("didChangeStatus"))["params"]["kind"] != "Inactive":
        pass  # what was told before
    uri = seat.open("paused.py", "value = alp\n")
    assert (await seat.client.ask("textDocument/copilotInlineEdit", at(uri, 11)))["edits"] == []
    await seat.client.ask("tierwise/pause", {"paused": False})
    while (await seat.client.hear("didChangeStatus"))["params"]["kind"] != "Normal":
        pass
