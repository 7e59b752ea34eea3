"""Before a command or an action that would cost much the user is asked, and nothing is spent against his will."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from desk import TIERS, Desk, sit_down
from features.errands import shop
from features.errands.errand import PLANNING
from projects import PYTHON
from tierwise.rehearsal import Cue, Line
from workbench import Workbench, listen

CODE = "def add(a, b):\n    return a + b\n"
CHEAP = TIERS + "\n[budget]\nask_above = 0.0000001\n"


@pytest.fixture
async def poor(tmp_path: Path) -> AsyncGenerator[Desk]:
    """A desk whose user wants to be asked about almost everything."""
    async with sit_down(tmp_path / "desk", config=CHEAP) as desk:
        yield desk


def answer(desk: Desk, choice: str | None) -> list[str]:
    """Let the user answer every question so; return what is asked."""
    asked: list[str] = []

    def show(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        asked.append(params.message)
        return types.MessageActionItem(title=choice) if choice else None

    desk.client.feature("window/showMessageRequest")(show)
    return asked


async def explain(desk: Desk) -> Any:
    document = desk.open("a.py", CODE)
    said = {"uri": document.uri, "instruction": "Why?"}
    params = types.ExecuteCommandParams(command="tierwise.ask", arguments=[said])
    return await desk.client.workspace_execute_command_async(params)


async def test_who_agrees_is_served_and_asked_once(poor: Desk) -> None:
    asked = answer(poor, "Go ahead")
    poor.say(Line(text="Because."))
    assert await explain(poor)
    assert len(asked) == 1
    assert "by our estimate" in asked[0]
    assert poor.vendors.requests


@pytest.mark.parametrize("choice", ["Cancel", None])
async def test_who_does_not_agree_pays_nothing(poor: Desk, choice: str | None) -> None:
    answer(poor, choice)
    with pytest.raises(JsonRpcException, match="nobody agreed"):
        await explain(poor)
    assert [one for one in poor.vendors.requests if one.method == "POST"] == []


async def test_below_the_limit_nobody_is_asked(desk: Desk) -> None:
    asked = answer(desk, None)
    desk.say(Line(text="Because."))
    assert await explain(desk)
    assert asked == []


async def resolve(desk: Desk) -> types.CodeAction:
    """Choose a docstring in the menu."""
    document = desk.open("a.py", CODE)
    action = next(one for one in await desk.actions(document, (0, 4)) if one.title == "Generate docstring")
    return await desk.client.code_action_resolve_async(action)


async def test_who_chooses_an_action_is_asked_once_and_the_menu_asks_nobody(poor: Desk) -> None:
    asked = answer(poor, "Go ahead")
    poor.say("Return the sum.")
    await poor.actions(poor.open("b.py", CODE), (0, 4))
    assert asked == []
    assert (await resolve(poor)).edit is not None
    assert len(asked) == 1
    assert "“Generate docstring”" in asked[0]


@pytest.mark.parametrize("choice", ["Cancel", None])
async def test_an_action_that_nobody_agrees_to_costs_nothing(poor: Desk, choice: str | None) -> None:
    answer(poor, choice)
    with pytest.raises(JsonRpcException, match="nobody agreed"):
        await resolve(poor)
    assert [one for one in poor.vendors.requests if one.method == "POST"] == []


async def test_an_editor_that_may_stand_still_and_cannot_ask_is_told_so_at_once(tmp_path: Path) -> None:
    """Some editors wait for an action and do nothing else until it comes: a question would never be answered."""
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.window is not None
    capabilities.window.show_message = None
    async with sit_down(tmp_path / "desk", config=CHEAP, capabilities=capabilities) as desk:
        asked = answer(desk, "Go ahead")
        with pytest.raises(JsonRpcException, match=r"raise budget\.ask_above to allow it"):
            await resolve(desk)
        assert asked == []
        assert any("raise budget.ask_above" in message for message in desk.told())
        desk.say(Line(text="Because."))
        assert await explain(desk)  # a command holds nothing up, so it tries
        assert len(asked) == 1


async def test_an_editor_that_knows_no_questions_is_told_what_to_do(poor: Desk) -> None:
    with pytest.raises(JsonRpcException, match=r"cannot ask you whether it may: raise budget\.ask_above"):
        await explain(poor)
    assert [one for one in poor.vendors.requests if one.method == "POST"] == []


def refactoring(desk: Desk) -> Workbench:
    """Lay out the shop, whose function ``net`` is to be renamed by scripted models."""

    def script(cue: Cue) -> Line:
        if PLANNING in cue.prompt:
            return Line(text=shop.PLAN)
        return Line(text=shop.RENAMED if f"Your file: {shop.PRICES}" in cue.prompt else shop.REWRITTEN)

    desk.say(script)
    return listen(desk, PYTHON)


async def rename(bench: Workbench) -> Any:
    return await bench.run("refactor_files", shop.PRICES, instruction="Rename net to without_tax.")


async def test_a_refactoring_is_asked_about_once_before_it_is_planned(poor: Desk) -> None:
    asked = answer(poor, "Go ahead")
    assert (await rename(refactoring(poor)))["applied"] is True
    assert len(asked) == 1
    assert "“Refactor across files”" in asked[0]


async def test_a_refactoring_that_nobody_agrees_to_is_not_planned(poor: Desk) -> None:
    answer(poor, "Cancel")
    bench = refactoring(poor)
    with pytest.raises(JsonRpcException, match="nobody agreed"):
        await rename(bench)
    assert [one for one in poor.vendors.requests if one.method == "POST"] == []
    assert bench.texts == PYTHON


async def test_where_only_typing_all_files_costs_too_much_it_is_asked_about_after_the_plan(tmp_path: Path) -> None:
    free = '[models."anthropic/claude-opus-5-5"]\nprice = { input = 0, output = 0 }\n'
    async with sit_down(tmp_path / "desk", config=CHEAP + free) as desk:
        asked = answer(desk, None)
        bench = refactoring(desk)
        with pytest.raises(JsonRpcException, match="nobody agreed"):
            await rename(bench)
        assert len(asked) == 1
        posts = [one.model for one in desk.vendors.requests if one.method == "POST"]
        assert posts == ["claude-opus-5-5"]
        assert bench.texts == PYTHON
