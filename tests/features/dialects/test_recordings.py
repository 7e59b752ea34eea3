"""What real plugins said to a real server of ours while somebody typed in them, said again.

Recorded with ``recorder.py`` in their own editors: jupyter-copilot 0.1.5 in JupyterLab 4.6.6 and marimo 0.25.2, both in
Chromium. They typed ``def add(a, b):``, took what was suggested where the plugin has a key for it, and typed ``x = ``.
"""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from features.dialects.seat import Seat, sit_down

RECORDINGS = Path(__file__).parent / "recordings"


def said(plugin: str, root: Path) -> Iterator[dict[str, Any]]:
    """Yield the messages."""
    for line in (RECORDINGS / f"{plugin}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line.replace("ROOT", root.as_uri()))


async def replay(seat: Seat, messages: Iterator[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Say them; wait for an answer before the next message unless that takes the request back; return the answers."""
    sent: dict[int, int] = {}
    answers: dict[int, Mapping[str, Any]] = {}
    waiting: int | None = None
    for message in messages:
        params = message.get("params")
        if message["method"] == "$/cancelRequest":
            params = {"id": sent[message["params"]["id"]]}
        elif waiting is not None:
            answers[waiting] = await seat.client.answer(sent[waiting])
            waiting = None
        if "id" in message:
            identity: int = message["id"]
            sent[identity] = seat.client.start(message["method"], params)
            waiting = identity
        else:
            seat.client.notify(message["method"], params)
    return {identity: answers.get(identity) or await seat.client.answer(number) for identity, number in sent.items()}


@asynccontextmanager
async def played(plugin: str, home: Path, *arguments: str) -> AsyncGenerator[tuple[Seat, dict[int, Any]]]:
    """Say all that a plugin said and look at the answers, which are by the recording's ids."""
    initialize, _initialized, *rest = said(plugin, home / "project")
    async with sit_down(home, initialize["params"], *arguments) as seat:
        seat.say("return a + b")
        answers = await replay(seat, iter(rest))
        yield seat, answers
        complaints = [each for each in seat.client.heard if each.get("method") == "window/showMessage"]
        assert not complaints, "what is theirs was taken for settings of ours"


async def test_marimo_is_recognised_and_gets_ghost_text_where_its_user_pauses(tmp_path: Path) -> None:
    async with played("marimo", tmp_path / "desk") as (seat, answers):
        assert seat.result["capabilities"]["positionEncoding"] == "utf-16"
        assert answers[1]["result"]["status"] == "OK", "it asks whether somebody is signed in"
        (item,) = answers[16]["result"]["items"]
        assert item["insertText"] == "return a + b"
        place = {"line": 2, "character": 4}
        assert item["range"] == {"start": place, "end": place}
        assert item["command"]["command"] == "github.copilot.didAcceptCompletionItem"
        assert answers[21]["result"]["items"][0]["range"]["start"] == {"line": 3, "character": 8}
        for number in range(2, 16):  # taken back by the next key
            assert "result" in answers[number] or answers[number]["error"]["code"] == -32800


async def test_jupyter_copilot_gets_whole_lines_with_what_is_new_beside_them(tmp_path: Path) -> None:
    async with played("jupyter_copilot", tmp_path / "desk", "--dialect", "copilot") as (seat, answers):
        assert answers[2]["result"]["status"] == "AlreadySignedIn"
        for request, line, before in ((5, 2, "    "), (7, 3, "    x = ")):
            (found,) = answers[request]["result"]["completions"]
            assert (found["displayText"], found["text"]) == ("return a + b", f"{before}return a + b")
            assert found["range"]["start"] == {"line": line, "character": 0}
            assert found["range"]["end"] == {"line": line, "character": len(before)}
        assert all("error" not in answer for answer in answers.values())
        uri = f"{seat.root.as_uri()}/demo.ipynb"
        doc = {"uri": uri, "position": {"line": 0, "character": 0}, "version": 5}
        assert await seat.client.fail("getCompletions", {"doc": doc}), "it has closed the notebook"
