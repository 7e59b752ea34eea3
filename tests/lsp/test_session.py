"""What features may ask of the client, over a peer whose other end is a list."""

import asyncio
import json
from typing import Any

import pytest

from tierwise.lsp import RpcError, Session, session
from tierwise.lsp.rpc import Peer


class Line:
    """The other end: keeps what was sent, and answers when told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.peer = Peer(lambda body: self.sent.append(json.loads(body)))

    def session(self, capabilities: object = None, *, initialized: bool = True, **params: Any) -> Session:
        made = Session(self.peer, {"capabilities": capabilities, **params})
        if initialized:
            made.set_initialized()
        return made

    def methods(self) -> list[object]:
        return [message.get("method") for message in self.sent]


async def test_nothing_but_messages_to_the_user_is_said_before_the_client_is_initialized() -> None:
    line = Line()
    made = line.session(initialized=False)
    made.notify("tierwise/status", {})
    made.show_message("starting")
    asking = asyncio.create_task(made.request("workspace/foo", {}))
    await asyncio.sleep(0)
    assert line.methods() == ["window/showMessage"]
    made.set_initialized()
    await asyncio.sleep(0)
    assert line.methods() == ["window/showMessage", "tierwise/status", "workspace/foo"]
    asking.cancel()


async def test_an_error_of_the_client_is_raised() -> None:
    line = Line()
    asking = asyncio.create_task(line.peer.request("workspace/foo", {}))
    await asyncio.sleep(0)
    assert line.peer.hear({"id": line.sent[0]["id"], "error": {"code": -5, "message": "no", "data": 1}})
    with pytest.raises(RpcError) as caught:
        await asking
    assert (caught.value.code, caught.value.message, caught.value.data) == (-5, "no", 1)


async def test_giving_up_a_request_tells_the_client() -> None:
    line = Line()
    asking = asyncio.create_task(line.peer.request("workspace/foo", {}))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert line.sent[1]["method"] == "$/cancelRequest"
    assert line.sent[1]["params"] == {"id": line.sent[0]["id"]}
    assert not line.peer.hear({"id": line.sent[0]["id"], "result": "late"})


async def test_a_closed_connection_ends_all_requests_and_refuses_new_ones() -> None:
    line = Line()
    asking = asyncio.create_task(line.peer.request("workspace/foo", {}))
    await asyncio.sleep(0)
    line.peer.hang_up()
    for request in (asking, line.peer.request("workspace/bar", {})):
        with pytest.raises(RpcError):
            await request


async def test_an_editor_that_never_answers_costs_a_known_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CONFIGURATION_TIMEOUT", 0.01)
    made = Line().session({"workspace": {"configuration": True}})
    assert await made.configuration() is None


async def test_work_waits_for_no_progress_bar_and_one_that_comes_late_is_ended() -> None:
    line = Line()
    async with line.session({"window": {"workDoneProgress": True}}).progress("Working") as progress:
        progress.report("half")
        await asyncio.sleep(0)
        (created,) = line.sent
    assert line.sent == [created]
    line.peer.hear({"id": created["id"], "result": None})
    await asyncio.sleep(0.01)
    assert [message["params"]["value"]["kind"] for message in line.sent[1:]] == ["begin", "report", "end"]


async def test_an_editor_without_configuration_is_not_asked() -> None:
    line = Line()
    assert await line.session({}).configuration() is None
    assert line.sent == []


async def test_a_client_s_own_token_needs_no_creating() -> None:
    line = Line()
    async with line.session().progress("Working", token=7, cancellable=False) as progress:
        progress.report("half")
    said = [message["params"] for message in line.sent]
    assert [each["token"] for each in said] == [7, 7, 7]
    assert [each["value"]["kind"] for each in said] == ["begin", "report", "end"]


async def test_where_no_progress_can_be_shown_none_is_sent() -> None:
    line = Line()
    async with line.session({}).progress("Working") as progress:
        progress.report("half", 50)
    assert line.sent == []


async def test_progress_ends_when_the_work_fails() -> None:
    line = Line()
    made = line.session()
    with pytest.raises(ZeroDivisionError):
        async with made.progress("Working", token="t"):
            raise ZeroDivisionError
    assert line.sent[-1]["params"]["value"] == {"kind": "end"}
    assert made.progresses == {}


@pytest.mark.parametrize(
    ("params", "roots"),
    [
        ({}, ()),
        ({"rootUri": "file:///a"}, ("file:///a",)),
        (
            {"rootUri": "file:///a", "workspaceFolders": [{"uri": "file:///b"}, {"uri": "file:///c"}]},
            ("file:///b", "file:///c"),
        ),
        ({"rootUri": None, "workspaceFolders": None}, ()),
        ({"rootUri": 5, "workspaceFolders": [5, {"name": "x"}]}, ()),
    ],
)
async def test_roots_are_the_folders_or_else_the_root(params: dict[str, Any], roots: tuple[str, ...]) -> None:
    assert Line().session(**params).roots == roots


async def test_supports_looks_along_the_path_and_takes_an_empty_object_for_a_yes() -> None:
    made = Line().session({"a": {"b": {}, "c": False, "d": ["x"], "e": True}, "f": 5})
    assert made.supports("a", "b")
    assert made.supports("a", "d")
    assert made.supports("a", "e")
    assert not made.supports("a", "c")
    assert not made.supports("a", "missing", "deeper")
    assert not made.supports("f", "g")
