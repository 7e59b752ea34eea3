"""What is this symbol."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled

from desk import Desk, sit_down
from tierwise.rehearsal import Line

CODE = "def add(a, b):\n    return a + b\n\nadd(1, 2)\n"


async def test_it_is_advertised(desk: Desk) -> None:
    assert desk.result.capabilities.hover_provider


async def test_the_file_s_own_facts_come_first_then_what_a_fast_model_says_and_who_said_it(desk: Desk) -> None:
    desk.say("Adds two numbers.")
    said = await desk.hover(desk.open("a.py", CODE), 0, 5)
    assert said is not None
    facts, explanation = said.split("\n\n---\n\n")
    assert "def add(a, b):" in facts
    assert explanation.startswith("Adds two numbers.")
    assert "anthropic/claude-haiku-5-5 · fast" in explanation


async def test_the_same_symbol_in_the_same_text_is_explained_once(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    first = await desk.hover(document, 0, 5)
    assert await desk.hover(document, 0, 6) == first
    assert len(desk.vendors.requests) == 1


async def test_a_changed_definition_is_explained_anew(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    await desk.hover(document, 0, 5)
    desk.change(document, 2, CODE.replace("a + b", "a - b"))
    await desk.hover(document, 0, 5)
    assert len(desk.vendors.requests) == 2


async def test_nothing_is_said_where_there_is_no_symbol(desk: Desk) -> None:
    assert await desk.hover(desk.open("a.py", CODE), 2, 0) is None
    assert desk.vendors.requests == []


async def test_a_cancelled_hover_closes_its_connection_and_is_booked(desk: Desk) -> None:
    desk.say(Line(delay=30))
    document = desk.open("a.py", CODE)
    params = types.HoverParams(text_document=document, position=types.Position(0, 5))
    asked = asyncio.create_task(
        desk.client.protocol.send_request_async(types.TEXT_DOCUMENT_HOVER, params, msg_id="hover")
    )
    request = await desk.vendors.request(0)
    desk.client.cancel_request(types.CancelParams(id="hover"))
    with pytest.raises(JsonRpcRequestCancelled):
        await asked
    await desk.until(lambda: request.ended == "closed")
    (entry,) = await desk.history()
    assert entry.attempts[0].result == "cancelled"


async def test_without_any_model_the_file_s_own_facts_are_shown(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", keys=False, config=None) as desk:
        said = await desk.hover(desk.open("a.py", CODE), 0, 5)
        assert said is not None
        assert "def add(a, b):" in said


async def test_with_its_provider_down_the_file_s_own_facts_are_shown(desk: Desk) -> None:
    desk.say(Line(fault="reset"))
    said = await desk.hover(desk.open("a.py", CODE), 0, 5)
    assert said is not None
    assert "def add(a, b):" in said
    assert "---" not in said
