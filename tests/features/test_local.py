"""The free tier over the protocol: what the workspace already says is suggested without any model."""

import asyncio
from pathlib import Path

from lsprotocol import types

from desk import sit_down

BLOCK = "    result = collect_all_measurements(station, first_day, last_day)\n    return average_of(result, weights)\n"
FILE = "".join(f"def measure_{name}(station, first_day, last_day):\n{BLOCK}\n" for name in "abcdefgh")


async def test_without_any_key_a_repetitive_workspace_completes_itself_for_nothing(tmp_path: Path) -> None:
    """The suggestion is what the other files say, no vendor is asked, and the ledger books it as local at no cost."""
    project = tmp_path / "desk" / "project"
    project.mkdir(parents=True)
    for number in range(6):
        (project / f"m{number}.py").write_text(FILE)
    async with sit_down(tmp_path / "desk", keys=False, config=None) as desk:
        text = "def measure_new(station, first_day, last_day):\n    result = collect_all_"
        document = desk.open("new.py", text)
        async with asyncio.timeout(20):
            while not (items := await desk.complete(document, 1, 25)):  # noqa: ASYNC110 - another process builds the index
                await asyncio.sleep(0.1)
        assert str(items[0].insert_text).startswith("measurements(station")
        entry = (await desk.history())[0]
        assert [(attempt.tier, attempt.result) for attempt in entry.attempts] == [("local", "accepted")]
        assert entry.cost == 0
        assert desk.vendors.requests == []


async def test_where_the_workspace_is_not_sure_the_next_rung_answers_and_why_says_so(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk") as desk:
        desk.say("written_by_a_model()")
        (item, *_) = await desk.complete(desk.open("a.py", "value = \n"), 0, 8)
        assert item.insert_text == "written_by_a_model()"
        entry = (await desk.history())[-1]
        assert [(attempt.tier, attempt.result) for attempt in entry.attempts] == [
            ("local", "silent"),
            ("fast", "accepted"),
        ]


async def test_without_any_key_a_hover_tells_what_the_workspace_says_of_a_name(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", keys=False, config=None) as desk:
        (desk.root / "lib.py").write_text('def mean(xs):\n    """Return the mean."""\n    return sum(xs) / len(xs)\n')
        document = desk.open("use.py", "from lib import mean\n\nprint(mean([1, 2]))\n")
        saved = types.DidSaveTextDocumentParams(
            text_document=types.TextDocumentIdentifier(uri=(desk.root / "lib.py").as_uri())
        )
        desk.client.text_document_did_save(saved)
        async with asyncio.timeout(20):
            while "Return the mean." not in str(said := await desk.hover(document, 2, 8)):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)
        assert "def mean(xs)" in str(said)
        assert "lib.py:1" in str(said)
        entry = (await desk.history())[0]
        assert [(attempt.tier, attempt.result) for attempt in entry.attempts] == [("local", "accepted")]


async def test_without_any_key_a_docstring_is_a_skeleton_from_the_signature(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", keys=False, config=None) as desk:
        code = "def scale(points, factor: float) -> list[float]:\n    return [p * factor for p in points]\n"
        offered = await desk.actions(desk.open("a.py", code), (0, 5), only=["refactor.rewrite"])
        (action,) = [action for action in offered if "docstring" in action.title]
        resolved = await desk.client.code_action_resolve_async(action)
        text = str(resolved.edit)
        assert "points" in text
        assert "factor" in text
        entry = (await desk.history())[0]
        assert (entry.kind, entry.attempts[0].tier, entry.cost) == ("docstring", "local", 0)
