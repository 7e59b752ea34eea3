"""What plugins written for Tabby's agent say, to a real server of ours."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from features.dialects.seat import Seat, sit_down

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARAMS: dict[str, Any] = {
    "initializationOptions": {
        "config": {"server": {"endpoint": "", "token": ""}, "inlineCompletion": {"triggerMode": "auto"}},
        "clientInfo": {
            "name": "VIM",
            "version": "9.1",
            "tabbyPlugin": {"name": "TabbyML/vim-tabby", "version": "2.0.2"},
        },
        "clientCapabilities": {
            "textDocument": {"inlineCompletion": True},
            "tabby": {"statusDidChangeListener": True, "configDidChangeListener": True},
        },
    }
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seat(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seat]:
    async with sit_down(tmp_path_factory.mktemp("desk"), PARAMS) as seat:
        yield seat


async def ask(seat: Seat, uri: str, line: str) -> dict[str, Any]:
    """Ask for ghost text at the end of a first line, as the Vim client does, and return the item."""
    place = {"line": 0, "character": len(line)}
    params = {"textDocument": {"uri": uri}, "position": place, "context": {"triggerKind": 2}}
    (item,) = (await seat.client.ask("textDocument/inlineCompletion", params))["items"]
    return item


async def test_ghost_text_is_offered_to_who_declares_it_in_the_options(seat: Seat) -> None:
    assert seat.result["capabilities"]["inlineCompletionProvider"]
    assert "completionProvider" not in seat.result["capabilities"]
    assert (await seat.client.ask("tabby/status", {}))["status"] == "ready"
    assert (await seat.client.ask("tabby/config", {}))["server"]["endpoint"] == ""


async def test_the_sequence_of_the_vim_client(seat: Seat) -> None:
    """Ask, view, select: the event id of the item names the suggestion."""
    seat.say("ha + beta")
    uri = seat.open("view.py", "x = alp\n")
    item = await ask(seat, uri, "x = alp")
    assert item["insertText"] == "ha + beta"
    event = {"eventId": item["data"]["eventId"], "viewId": "view-1"}
    seat.client.notify("tabby/telemetry/event", {"type": "view", **event})
    seat.client.notify("tabby/telemetry/event", {"type": "select", "elapsed": 900, **event})
    found = await seat.signals(event["eventId"]["completionId"], "accepted")
    assert found["shown"] == 1.0
    changed = (await seat.client.hear("tabby/status/didChange"))["params"]
    assert changed["status"] in {"fetching", "ready"}


async def test_what_is_dismissed_is_rejected(seat: Seat) -> None:
    seat.say("(1)")
    uri = seat.open("dismiss.py", "y = call\n")
    item = await ask(seat, uri, "y = call")
    event = {"eventId": item["data"]["eventId"]}
    seat.client.notify("tabby/telemetry/event", {"type": "view", **event})
    seat.client.notify("tabby/telemetry/event", {"type": "dismiss", "elapsed": 300, **event})
    assert (await seat.signals(event["eventId"]["completionId"], "rejected"))["rejected"] == 0.0


async def test_a_client_without_ghost_text_gets_the_list_with_event_ids(tmp_path: Path) -> None:
    options = {
        **PARAMS["initializationOptions"],
        "clientCapabilities": {"tabby": {}, "textDocument": {"completion": {}}},
    }
    async with sit_down(tmp_path / "desk", {"initializationOptions": options}) as seat:
        assert seat.result["capabilities"]["completionProvider"]
        seat.say("ha + beta")
        uri = seat.open("list.py", "x = alp\n")
        params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 7}}
        (item,) = (await seat.client.ask("textDocument/completion", params))["items"]
        assert item["label"] == "alpha + beta"
        assert item["data"]["eventId"]["completionId"]
