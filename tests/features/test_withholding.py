"""Files that are for some models only stand in no prompt about anything else, whatever is asked."""

from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from desk import TIERS, Desk, sit_down
from projects import commit, write
from tierwise.rehearsal import Cue, Line

CONFIG = f"""{TIERS}
[[privacy.rules]]
paths = ["crypto/**"]
local_only = true
[[privacy.rules]]
paths = ["*.sql", "tests/**"]
never = ["anthropic"]
"""
SECRET = "zq7_only_here"
"""Stands in every file that is withheld, in names, texts and comments."""

FILES = {
    "shop.py": "from crypto.keys import seal_order\n\n\ndef send(order):\n    return seal_order(order)\n",
    "crypto/keys.py": f'def seal_order(order, {SECRET}=1):\n    """Seal {SECRET}."""\n    return {SECRET}  # BUG\n',
    "schema.sql": f"CREATE TABLE orders (id INT, {SECRET} TEXT);\n",
    "tests/test_shop.py": f"from shop import send\n\n\ndef test_send():\n    assert send(1) == '{SECRET}'\n",
    ".aiignore": "drafts/\n",
    "drafts/plan.py": f"def plan_order():\n    return '{SECRET}'  # BUG\n",
}
LINKS = {"linked.py": "crypto/keys.py", "drawer": "drafts", "shelf": "crypto"}


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncGenerator[Desk]:
    """A repository with files that are withheld, all of them changed, and with links to them."""
    async with sit_down(tmp_path / "desk", config=CONFIG, away=True) as desk:
        write(FILES, desk.root)
        for link, target in LINKS.items():
            (desk.root / link).symlink_to(target)
        commit(desk.root)
        for name, text in FILES.items():
            (desk.root / name).write_text(text + (f"# {SECRET}\n" if SECRET in text else "# more\n"))
        yield desk


def sent(desk: Desk) -> str:
    return "".join(str(request.body) for request in desk.vendors.requests)


async def run(desk: Desk, kind: str, said: dict[str, Any]) -> None:
    """Run a command; whether anything comes of it is no matter here."""
    params = types.ExecuteCommandParams(command=f"tierwise.{kind}", arguments=[said])
    with suppress(JsonRpcException):
        await desk.client.workspace_execute_command_async(params)


@pytest.mark.parametrize(
    "kind",
    [
        *("commit_message", "summarise", "review", "ask", "architecture", "audit", "design", "search", "query"),
        *("implement", "tests", "debug", "refactor_files", "migrate", "optimise", "endpoint", "name", "edit"),
    ],
)
async def test_no_kind_of_work_shows_them(seat: Desk, kind: str) -> None:
    seat.say("nothing")
    document = seat.open("shop.py", FILES["shop.py"])
    place = {"start": {"line": 3, "character": 5}, "end": {"line": 3, "character": 5}}
    await run(seat, kind, {"uri": document.uri, "range": place, "instruction": "Seal orders.", "what": "diff"})
    assert seat.vendors.requests, "somebody was asked"
    assert SECRET not in sent(seat)


async def test_a_hover_shows_their_facts_to_the_user_and_not_to_the_model(seat: Desk) -> None:
    seat.say("It seals.")
    document = seat.open("shop.py", FILES["shop.py"])
    said = ""
    for character in range(11, 60):  # until the index has read the file
        said = await seat.hover(document, 4, 11) or ""
        if SECRET in said:
            break
        seat.change(document, character, FILES["shop.py"] + "\n" * character)
    assert SECRET in said
    assert "It seals." in said
    assert SECRET not in sent(seat)


async def test_their_own_requests_go_to_nobody_who_must_not_see_them(seat: Desk) -> None:
    seat.say("nothing")
    for name in ("crypto/keys.py", "linked.py", "shelf/keys.py", "drafts/plan.py", "drawer/plan.py"):
        document = seat.open(name, (seat.root / name).read_text())
        await seat.hover(document, 0, 5)
        await seat.complete(document, 1, 0)
        assert seat.vendors.requests == [], name
    await seat.hover(seat.open("tests/test_shop.py", FILES["tests/test_shop.py"]), 3, 5)
    assert {request.model for request in seat.vendors.requests} == {"gpt-6-luna"}, "who may see it is asked"


async def test_a_scan_shows_them_to_nobody(seat: Desk) -> None:
    def script(cue: Cue) -> Line:
        return Line(text='{"suspects": []}' if "The parts to look at" in cue.prompt else '{"verdicts": []}')

    seat.say(script)
    params = types.ExecuteCommandParams(command="tierwise.scan", arguments=[{"scope": "workspace"}])
    await seat.client.workspace_execute_command_async(params)
    assert "shop.py" in sent(seat)
    asked = [request for request in seat.vendors.requests if SECRET in str(request.body)]
    assert {request.model for request in asked} <= {"gpt-6-luna"}
    assert not [request for request in asked if "crypto" in str(request.body)]
