"""`tierwise/explain`: the decision about a task at a place, over the protocol."""

from typing import Any

import pytest
from pygls.exceptions import JsonRpcException

from desk import Desk

CODE = "def f(a):\n    return a\n"


async def ask(desk: Desk, **params: Any) -> Any:
    return await desk.client.protocol.send_request_async("tierwise/explain", params)


async def test_it_is_announced_and_explains_without_asking_anyone(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    told = await ask(desk, textDocument={"uri": document.uri}, position={"line": 1, "character": 4}, kind="docstring")
    ladder = [rung.tier for rung in told.decision.ladder]
    assert ladder == ["fast", "mid", "frontier"]
    assert told.task.language == "python"
    assert {candidate.tier for candidate in told.candidates} >= {"fast", "mid", "frontier"}
    assert all(candidate.cost > 0 for candidate in told.candidates)
    assert desk.vendors.requests == []


async def test_a_kind_that_does_not_exist_is_an_error_that_names_those_that_do(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    with pytest.raises(JsonRpcException, match="docstring"):
        await ask(desk, textDocument={"uri": document.uri}, position={"line": 0, "character": 0}, kind="dance")
