"""What a client's own controls ask for: status, pause, models, decisions and report, over the wire."""

import asyncio
import csv
import json
from collections.abc import AsyncGenerator, Callable
from io import StringIO
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import pytest_asyncio

from dashboard.reading import Page
from features.dialects.seat import Seat, sit_down
from rawclient import PATIENCE
from tierwise.cli import main
from tierwise.ledger.history import history
from tierwise.lsp import Code
from tierwise.rehearsal import Line

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPTIONS = {"budget": {"day": 5.0}, "review": {"when": "save"}, "features": {"command": {"model": "openai/gpt-6-luna"}}}
INVOKED, AUTOMATIC = 1, 2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seat(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seat]:
    async with sit_down(tmp_path_factory.mktemp("desk"), {"initializationOptions": OPTIONS}) as seat:
        yield seat


async def ghost(seat: Seat, uri: str, trigger: int) -> list[dict[str, Any]]:
    """Ask for ghost text at the end of the first line of ``value = alp``."""
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 11}}
    answer = await seat.client.ask("textDocument/inlineCompletion", {**place, "context": {"triggerKind": trigger}})
    return answer["items"]


async def hover(seat: Seat, name: str) -> None:
    """Have a function of a new file explained."""
    seat.say(f"Adds, in {name}.")
    uri = seat.open(name, f"def add_{name.removesuffix('.py')}(a, b):\n    return a + b\n")
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
    assert "Adds" in str(await seat.client.ask("textDocument/hover", place))


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.01)


def ends(seat: Seat) -> set[str]:
    """Return what became of the attempts of the last ghost text."""
    (last,) = history(seat.data / "ledger.sqlite3", last=1, feature="inline_completion")
    return {attempt.result for attempt in last.attempts}


async def pause(seat: Seat, paused: bool) -> Any:
    return await seat.client.ask("tierwise/pause", {"paused": paused})


async def test_the_status_says_mode_dial_budget_and_what_was_saved(seat: Seat) -> None:
    await hover(seat, "first.py")
    status = await seat.client.ask("tierwise/status", {})
    report = await seat.client.ask("tierwise/report", {"days": 1})
    assert status["costToday"] == pytest.approx(report["total"]["cost"]) != 0.0
    assert status["savedToday"] == pytest.approx(report["counterfactual"]["saved"])
    assert status["savedToday"] > 0.0
    assert status["budget"] == {"day": {"spent": status["costToday"], "limit": 5.0}, "month": None}
    assert (status["mode"], status["quality"], status["paused"]) == ("learned", 0.5, False)


async def test_other_settings_show_in_the_status_at_once(seat: Seat) -> None:
    before = await seat.client.ask("tierwise/status", {})
    seat.client.heard.clear()
    changed = {"routing": {"mode": "rules", "quality": 0.25}, "budget": {"month": 40.0}}
    seat.client.notify("workspace/didChangeConfiguration", {"settings": {"tierwise": changed}})
    while (told := (await seat.client.hear("tierwise/status"))["params"])["mode"] != "rules":
        pass
    assert told["quality"] == 0.25
    assert told["budget"]["month"] == {"spent": pytest.approx(before["costToday"]), "limit": 40.0}
    assert (told["costToday"], told["savedToday"]) == (before["costToday"], before["savedToday"])


async def test_a_pause_stops_ghost_text_of_its_own_accord_and_only_that(seat: Seat) -> None:
    seat.say("ha")
    uri = seat.open("paused.py", "value = alp\n")
    asked = len(seat.vendors.requests)
    seat.client.heard.clear()
    assert (await pause(seat, True))["paused"] is True
    assert (await seat.client.hear("tierwise/status"))["params"]["paused"] is True
    assert await ghost(seat, uri, AUTOMATIC) == []
    words = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 11}}
    assert (await seat.client.ask("textDocument/completion", words))["items"] == []
    assert len(seat.vendors.requests) == asked
    (item,) = await ghost(seat, uri, INVOKED)
    assert item["insertText"] == "ha"
    assert len(seat.vendors.requests) > asked
    assert await ghost(seat, uri, AUTOMATIC) == [], "not even what is remembered is shown"
    assert (await pause(seat, False))["paused"] is False
    assert await ghost(seat, uri, AUTOMATIC)


async def test_a_pause_ends_ghost_text_that_is_on_its_way_and_books_it(seat: Seat) -> None:
    uri = seat.open("underway.py", "value = alp\n")
    seat.vendors.script = lambda _cue: Line(text="ha + beta", delay=3600.0)
    asked = len(seat.vendors.requests)
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 11}}
    waiting = seat.client.start("textDocument/inlineCompletion", {**place, "context": {"triggerKind": AUTOMATIC}})
    await until(lambda: len(seat.vendors.requests) > asked)
    await pause(seat, True)
    assert (await seat.client.answer(waiting))["result"] == {"items": []}
    await until(lambda: "cancelled" in ends(seat))
    await pause(seat, False)


async def test_a_pause_stops_scans_on_save(seat: Seat) -> None:
    seat.say("{}")
    changed = {"review": {"when": "save"}}
    seat.client.notify("workspace/didChangeConfiguration", {"settings": {"tierwise": changed}})

    async def save(name: str) -> None:
        (seat.root / name).write_text(f"def {name.removesuffix('.py')}(a):\n    return a + 1\n", "utf-8")
        uri = seat.open(name, (seat.root / name).read_text("utf-8"))
        seat.client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    await pause(seat, True)
    asked = len(seat.vendors.requests)
    await save("resting.py")
    await seat.client.ask("tierwise/status", {})
    await pause(seat, False)
    await save("looked_at.py")
    await until(lambda: len(seat.vendors.requests) > asked)
    prompts = [str(request.body) for request in seat.vendors.requests[asked:]]
    assert any("looked_at" in prompt for prompt in prompts)
    assert not any("resting" in prompt for prompt in prompts)


async def test_models_are_listed_with_prices_pins_and_what_the_ledger_says(seat: Seat) -> None:
    await hover(seat, "listed.py")
    answer = await seat.client.ask("tierwise/models", {})
    features = {each["feature"]: each for each in answer["features"]}
    assert features["hover"] == {
        "feature": "hover",
        "setting": "features.hover.model",
        "title": "Hover",
        "model": None,
    }
    assert features["command"]["model"] == "openai/gpt-6-luna"
    models = {each["id"]: each for each in answer["models"]}
    assert len(models) == len(answer["models"])
    haiku = models["anthropic/claude-haiku-5-5"]
    assert (haiku["provider"], haiku["tier"]) == ("anthropic", "fast")
    assert 0 < haiku["input"] < haiku["output"]
    assert haiku["calls"] > 0
    assert haiku["latency"] > 0
    unused = models["anthropic/claude-opus-5-5"]
    assert (unused["tier"], unused["calls"], unused["latency"], unused["acceptance"]) == ("frontier", 0, None, None)
    assert models["local/workspace"]["input"] == 0.0


async def test_decisions_and_report_are_what_the_commands_print(seat: Seat, capsys: pytest.CaptureFixture[str]) -> None:
    await hover(seat, "told.py")
    ledger = ["--ledger", str(seat.data / "ledger.sqlite3"), "--json"]
    answer = await seat.client.ask("tierwise/decisions", {"last": 2})
    assert main(["why", "--last", "2", *ledger]) == 0
    assert answer["decisions"] == json.loads(capsys.readouterr().out)["decisions"]
    assert len(answer["decisions"]) == 2
    assert len((await seat.client.ask("tierwise/decisions", {}))["decisions"]) > 2
    report = await seat.client.ask("tierwise/report", {"days": 2})
    assert main(["report", "--days", "2", "--frontier", report["counterfactual"]["model"], *ledger]) == 0
    assert report == json.loads(capsys.readouterr().out)


async def test_the_dashboard_shows_the_figures_of_the_session(seat: Seat) -> None:
    await hover(seat, "shown.py")
    report = await seat.client.ask("tierwise/report", {"days": 7})
    html = (await seat.client.ask("tierwise/dashboard", {"days": 7}))["html"]
    page = Page(html)
    assert "script" not in page.tags()
    assert page.remote() == []
    total = page.table("What each day has cost and saved").row("Total")
    paid, saved = (float(cell.removeprefix("$")) for cell in total[1:])
    assert paid == pytest.approx(report["total"]["cost"], rel=0.05)
    assert saved == pytest.approx(report["counterfactual"]["saved"], rel=0.05)
    (asked,) = (line["requests"] for line in report["by"]["feature"] if line["name"] == "hover")
    assert page.table("Requests by feature and tier").row("hover")[1] == str(asked)
    (newest,) = (await seat.client.ask("tierwise/decisions", {"last": 1}))["decisions"]
    assert page.table("The last decisions, the newest first").rows[1][-1] == newest["reason"]


async def test_the_dashboard_can_be_had_as_rows_and_as_a_picture(seat: Seat) -> None:
    await hover(seat, "exported.py")
    rows = list(csv.DictReader(StringIO((await seat.client.ask("tierwise/dashboard", {"form": "csv"}))["csv"])))
    (line,) = (await seat.client.ask("tierwise/report", {}))["by"]["day"]
    assert sum(int(row["requests"]) for row in rows) == line["requests"]
    drawing = fromstring((await seat.client.ask("tierwise/dashboard", {"form": "svg"}))["svg"])
    assert "hover" in {text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")}


async def test_what_makes_no_sense_is_refused(seat: Seat) -> None:
    for method, params in (
        ("tierwise/pause", {}),
        ("tierwise/pause", {"paused": "yes"}),
        ("tierwise/decisions", {"last": 0}),
        ("tierwise/decisions", {"last": True}),
        ("tierwise/report", {"days": "all"}),
        ("tierwise/report", {"days": 1_000_000}),
        ("tierwise/dashboard", {"days": -1}),
        ("tierwise/dashboard", {"form": "pdf"}),
    ):
        assert await seat.client.fail(method, params) == Code.INVALID_PARAMS


async def test_without_a_ledger_it_is_said_that_nothing_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    options = {"ledger": {"enabled": False}}
    async with sit_down(tmp_path_factory.mktemp("off"), {"initializationOptions": options}) as seat:
        assert await seat.client.fail("tierwise/decisions", {}) == Code.REQUEST_FAILED
        await hover(seat, "off.py")
        status = await seat.client.ask("tierwise/status", {})
        assert status["costToday"] > 0.0
        assert status["savedToday"] is None
