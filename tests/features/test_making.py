"""New files for an editor that cannot make any by an edit."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from desk import TIERS, sit_down
from features.test_commands import PLAN, typist
from projects import PYTHON
from workbench import Seat, Workbench, block

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "from shop.prices import net\n\n\ndef test_net():\n    assert net(100, 20) == 80\n"
MADE = "tests/unit/test_prices.py"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seat(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seat]:
    able = client_capabilities("visual-studio-code")
    assert able.workspace is not None
    able.workspace.workspace_edit = types.WorkspaceEditClientCapabilities(document_changes=True)
    config = f'{TIERS}[routing]\nmode = "rules"\n'
    async with sit_down(tmp_path_factory.mktemp("making") / "desk", config=config, capabilities=able) as desk:
        yield Seat(desk)


@pytest.fixture
def shop(seat: Seat) -> Iterator[Workbench]:
    yield from seat.lay(PYTHON)


def on_disk(shop: Workbench) -> dict[str, str]:
    root = shop.desk.root
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


async def write_tests(shop: Workbench, more: str = "") -> list[str]:
    shop.desk.say(block("", CODE, MADE) + more)
    done = await shop.run("edit", "shop/prices.py", instruction="Write tests.")
    return [shop.name(uri) for uri in done["files"]]


async def test_the_server_makes_the_file_and_tells_the_user(shop: Workbench) -> None:
    assert await write_tests(shop) == [MADE]
    assert on_disk(shop) == {**PYTHON, MADE: CODE}
    assert shop.applied == []
    said = "Tierwise made test_prices.py on disk: this editor cannot do that itself."
    await shop.desk.until(lambda: said in shop.desk.told())


async def test_it_is_taken_back_by_undo(shop: Workbench) -> None:
    await write_tests(shop)
    done = await shop.run("undo")
    assert [shop.name(uri) for uri in done["files"]] == [MADE]
    assert on_disk(shop) == dict(PYTHON)


async def test_undo_leaves_a_file_that_was_changed_since(shop: Workbench) -> None:
    await write_tests(shop)
    (shop.desk.root / MADE).write_text("mine")
    with pytest.raises(JsonRpcException, match="was made by the edit and changed since"):
        await shop.run("undo")
    assert on_disk(shop)[MADE] == "mine"


NET = block("def net(gross, rate):\n", "def net(gross, rate=20):\n", "shop/prices.py")
CHANGED = PYTHON["shop/prices.py"].replace("(gross, rate):", "(gross, rate=20):")


async def test_the_editor_applies_the_rest(shop: Workbench) -> None:
    assert sorted(await write_tests(shop, NET)) == ["shop/prices.py", MADE]
    assert on_disk(shop) == {**PYTHON, "shop/prices.py": CHANGED, MADE: CODE}
    await shop.run("undo")
    assert on_disk(shop) == dict(PYTHON)


async def test_what_the_editor_refuses_leaves_no_file_behind(shop: Workbench) -> None:
    shop.refuses = True
    with pytest.raises(JsonRpcException, match="not now"):
        await write_tests(shop, NET)
    assert on_disk(shop) == dict(PYTHON)
    assert not (shop.desk.root / "tests/unit").exists()
    with pytest.raises(JsonRpcException, match="no edit of several files"):
        await shop.run("undo")


async def test_no_file_is_made_through_a_link(shop: Workbench, tmp_path: Path) -> None:
    (shop.desk.root / "tests/unit").symlink_to(tmp_path)
    with pytest.raises(JsonRpcException, match="outside the workspace"):
        await write_tests(shop)
    assert not (tmp_path / "test_prices.py").exists()


async def test_a_buffer_that_was_never_saved_is_not_written_under(shop: Workbench) -> None:
    shop.texts[MADE] = ""
    shop.open(MADE)
    with pytest.raises(JsonRpcException, match="open in the editor and not saved"):
        await write_tests(shop)
    assert on_disk(shop) == dict(PYTHON)


async def test_a_plan_is_asked_for_that_the_editor_can_carry_out(shop: Workbench) -> None:
    """Else the money for it is spent before the editor refuses."""
    shop.desk.say(typist(plan={**PLAN, "rename": [], "delete": []}))
    await shop.run("refactor_files", "shop/prices.py", instruction="Rename net to without_tax.")
    assert "can neither rename nor delete files" in str(shop.desk.vendors.requests[0].body)
    assert on_disk(shop)["shop/tax.py"] == "RATE = 20\n"
    assert "def without_tax" in shop.texts["shop/prices.py"]


async def test_an_action_that_may_make_files_is_a_command_and_others_are_resolved(shop: Workbench) -> None:
    document = shop.open("shop/prices.py")
    place = types.Range(types.Position(3, 5), types.Position(3, 5))
    params = types.CodeActionParams(document, place, types.CodeActionContext(diagnostics=[]))
    offered = await shop.desk.client.text_document_code_action_async(params) or []
    resolved = {action.title for action in offered if isinstance(action, types.CodeAction)}
    commands = {action.title for action in offered} - resolved  # the library takes what has a command for nothing else
    assert "Generate docstring" in resolved
    assert "Write tests for this" in commands

    shop.desk.say(block("", CODE, "tests/test_prices.py"))
    data = {"kind": "tests", "uri": document.uri, "version": 1, "range": place}
    await shop.desk.client.workspace_execute_command_async(types.ExecuteCommandParams("tierwise.act", [data]))
    assert on_disk(shop)["tests/test_prices.py"] == CODE
