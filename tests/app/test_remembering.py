"""What vendors hold outlives the process that sent it: the next server, `tierwise route` and `why` know of it."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desk import environment
from ledger.outcomes import HAIKU, accepted
from ledger.outcomes import outcome as recorded
from tierwise import tasks
from tierwise.app.building import Building, Plan, build
from tierwise.app.remembering import recalled
from tierwise.cli import main
from tierwise.core.document import Document
from tierwise.core.model import Tier
from tierwise.core.outcome import Outcome
from tierwise.core.reply import Usage
from tierwise.core.task import Task
from tierwise.core.text import Span, Text
from tierwise.ledger.file import connect
from tierwise.ledger.history import history
from tierwise.ledger.rows import record_of, write_record
from tierwise.rehearsal import Line, Rehearsal
from tierwise.rehearsal.script import Cue

CONFIG = """\
[tiers.fast]
models = ["anthropic/claude-haiku-5-5"]
[tiers.mid]
models = ["openai/gpt-6-sol", "anthropic/claude-sonnet-5-5"]
[tiers.frontier]
models = ["anthropic/claude-opus-5-5"]
[models."anthropic/claude-haiku-5-5"]
price = { input = 1.0, output = 5.0, cache_read = 0.1, cache_write = 1.25 }
[models."openai/gpt-6-sol"]
price = { input = 3.0, output = 15.0, cache_read = 0.3, cache_write = 3.0 }
[models."anthropic/claude-sonnet-5-5"]
price = { input = 3.0, output = 15.0, cache_read = 0.3, cache_write = 3.75 }
[tasks.docstring]
deadline = 60
tier = "%s"
[routing]
mode = "%s"
"""
CODE = "def add(a, b):\n    return a + b\n"


def script(cue: Cue) -> Line:
    """The first model of the middle tier is down; the fast one writes nothing of use; both Claudes report caches."""
    if cue.model.startswith("gpt"):
        return Line(fault="status", status=500)
    if "haiku" in cue.model:
        return Line(text="", usage=Usage(input=20_900, output=10))
    return Line(text="Return the sum.", usage=Usage(input=900, output=10, cache_write=20_000))


def document(tmp_path: Path) -> Path:
    path = tmp_path / "project" / "shapes.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(CODE)
    return path


def docstring(tmp_path: Path) -> Task:
    path = document(tmp_path)
    return Task(
        id="t",
        kind="docstring",
        feature="code_action",
        document=Document(uri=path.as_uri(), version=1, language="python", text=Text.of(CODE)),
        span=Span.at(0, 0),
        facts={"convention": "Google style"},
    )


async def house(vendors: Rehearsal, tmp_path: Path, mode: str, tier: str = "") -> Building:
    config = CONFIG % (tier, mode)
    (tmp_path / "config.toml").write_text(config if tier else config.replace('tier = ""', ""))
    return await build(Plan.load(env=environment(vendors, tmp_path, CONFIG)))


async def answered(vendors: Rehearsal, tmp_path: Path, mode: str, tier: str = "") -> Outcome:
    """Return what one process makes of the task, from its start to its end."""
    vendors.requests.clear()
    building = await house(vendors, tmp_path, mode, tier)
    try:
        return await building.engine.run(docstring(tmp_path))
    finally:
        await building.close()


def names(outcome: Outcome) -> list[str]:
    return [attempt.model.name for attempt in outcome.attempts]


async def test_a_rung_is_left_out_once_the_next_one_s_cache_is_warm_also_by_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model that stood in for the one that was down goes first, too, and `route` and `why` say so."""
    async with Rehearsal(script) as vendors:
        first = await answered(vendors, tmp_path, "cascade")
        assert names(first) == ["claude-haiku-5-5", "gpt-6-sol", "claude-sonnet-5-5"]
        for name, value in environment(vendors, tmp_path, CONFIG).items():
            monkeypatch.setenv(name, value)
        arguments = ["route", f"{document(tmp_path)}:1", "--kind", "docstring", "--json"]
        assert await asyncio.to_thread(main, arguments) == 0
        route = json.loads(capsys.readouterr().out)
        second = await answered(vendors, tmp_path, "cascade")
    assert names(second) == ["claude-sonnet-5-5"]
    assert [rung["tier"] for rung in route["decision"]["ladder"]] == ["mid", "frontier"]
    assert route["decision"]["ladder"][0]["models"] == ["anthropic/claude-sonnet-5-5", "openai/gpt-6-sol"]
    cached = {candidate["model"]: candidate["cached"] for candidate in route["candidates"]}
    assert cached["anthropic/claude-sonnet-5-5"] == 20_000
    assert cached["openai/gpt-6-sol"] == 0
    newest, oldest = history(tmp_path / "data" / "ledger.sqlite3", last=2)
    assert "20,000 tokens of this in its cache, so it goes before openai/gpt-6-sol" in newest.reason
    assert ". So fast is left out: $0.0" in newest.reason
    assert "in its cache" not in oldest.reason


async def test_what_a_vendor_s_bill_says_it_holds_counts_for_the_very_next_request(tmp_path: Path) -> None:
    """Other code of the same kind in the same process: the instructions are the prompt's beginning."""
    other = "def sub(a, b):\n    return a - b\n"
    async with Rehearsal(script) as vendors:
        building = await house(vendors, tmp_path, "cascade")
        task = docstring(tmp_path)
        first = await building.engine.run(task)
        document = Document(uri="file:///other.py", version=1, language="python", text=Text.of(other))
        second = await building.engine.run(replace(task, id="2", document=document))
        await building.close()
    assert names(first) == ["claude-haiku-5-5", "gpt-6-sol", "claude-sonnet-5-5"]
    assert names(second) == ["claude-sonnet-5-5"]


async def test_in_mode_rules_too_the_tier_s_warm_model_goes_first(tmp_path: Path) -> None:
    async with Rehearsal(script) as vendors:
        first, second = [await answered(vendors, tmp_path, "rules", "mid") for _ in range(2)]
    assert names(first) == ["gpt-6-sol", "claude-sonnet-5-5"]
    assert names(second) == ["claude-sonnet-5-5"]


async def test_a_bill_without_cached_tokens_makes_the_next_process_forget(tmp_path: Path) -> None:
    usage = [Usage(input=900, output=10, cache_write=20_000), Usage(input=20_900, output=10)]

    def once(cue: Cue) -> Line:
        return script(cue) if "sonnet" not in cue.model else Line(text="Return the sum.", usage=usage.pop(0))

    async with Rehearsal(once) as vendors:
        assert len(names(await answered(vendors, tmp_path, "cascade"))) == 3
        assert names(await answered(vendors, tmp_path, "cascade")) == ["claude-sonnet-5-5"]
        building = await house(vendors, tmp_path, "cascade")
        decision = building.engine.decide(docstring(tmp_path))
        await building.close()
    assert [rung.tier for rung in decision.ladder] == ["fast", "mid", "frontier"]


async def test_the_ledger_keeps_a_digest_and_none_for_our_own_questions_or_the_workspace(tmp_path: Path) -> None:
    async with Rehearsal(script) as vendors:
        await answered(vendors, tmp_path, "cascade")
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.sqlite3")) as connection:
        rows = connection.execute("SELECT model, beginning FROM attempts ORDER BY number").fetchall()
    digests = dict(rows)
    assert all(len(digest) == 16 for digest in digests.values())
    assert digests["claude-haiku-5-5"] == digests["claude-sonnet-5-5"] != digests["gpt-6-sol"]


@pytest.mark.parametrize(("ago", "held"), [(10.0, 4_000), (299.0, 4_000), (301.0, 0), (5_000.0, 0)])
async def test_what_was_sent_too_long_ago_is_forgotten_as_the_vendor_forgets_it(
    tmp_path: Path, ago: float, held: int
) -> None:
    path = tmp_path / "ledger.sqlite3"
    sent = accepted(usage=Usage(input=100, cache_read=4_000), started=time.time() - ago - 0.5, seconds=0.5)
    task = recorded(sent)
    with closing(connect(path)) as connection:
        write_record(record_of(task), connection)
    caches = await recalled({"fast": Tier(name="fast", models=(HAIKU,))}, path)
    kind = replace(tasks.load("docstring"), name=task.task.kind)
    assert caches.held(HAIKU, task.task, kind) == held


async def test_a_ledger_that_cannot_be_read_only_leaves_caches_cold(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"no database" * 100)
    assert (await recalled({"fast": Tier(name="fast", models=(HAIKU,))}, tmp_path / "ledger.sqlite3")).empty
