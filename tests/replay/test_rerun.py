"""The ledger under another configuration: the same one costs the same, a dearer one what its prices say."""

import asyncio
import json
from pathlib import Path

import pytest

from ledger.outcomes import HAIKU, OPUS, UNPRICED, accepted, attempt, failed, outcome
from tierwise.cli import main
from tierwise.core.decision import Decision, Rung
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Attempt
from tierwise.core.reply import Usage
from tierwise.ledger import sqlite
from tierwise.ledger.history import history
from tierwise.replay.rerun import Line, rerun

SPARE = Model(name="spare", provider="openai", price=HAIKU.price)
USAGE = Usage(input=1_000, output=100)
CHEAP, DEAR = 1_000 * 1e-6 + 100 * 5e-6, 1_000 * 5e-6 + 100 * 25e-6


async def replayed(path: Path, requests: list[tuple[Attempt, ...]], **tiers: Model) -> Line:
    """Record the requests and replay them where each tier is one model, tried in the order given."""
    ledger = sqlite.open(path)
    for attempts in requests:
        await ledger.record(outcome(*attempts))
    await ledger.close()
    stock = {name: Tier(name=name, models=(model,)) for name, model in tiers.items()}
    decision = Decision(policy="test", ladder=tuple(Rung(tier=name) for name in tiers), reason="A test.")
    (line,) = rerun(history(path, last=100), lambda _task: decision, stock)
    return line


async def test_the_same_configuration_costs_and_answers_the_same(tmp_path: Path) -> None:
    climbed = (attempt(usage=USAGE), accepted(model=OPUS, tier="frontier", usage=USAGE))
    line = await replayed(tmp_path / "l", [(accepted(usage=USAGE),), climbed], fast=HAIKU, frontier=OPUS)
    assert (line.requests, line.moved, line.unknown) == (2, 0, 0)
    assert line.would == pytest.approx(line.paid) == pytest.approx(2 * CHEAP + DEAR)
    assert line.would_answer == line.answered == 2


async def test_another_model_is_priced_by_the_tokens_of_the_answer_that_was_given(tmp_path: Path) -> None:
    line = await replayed(tmp_path / "l", [(accepted(usage=USAGE),)], frontier=OPUS)
    assert (line.moved, line.paid, line.would) == (1, pytest.approx(CHEAP), pytest.approx(DEAR))
    assert line.would_answer == pytest.approx(0.9)


async def test_a_first_rung_that_may_fail_leads_to_the_next(tmp_path: Path) -> None:
    """Haiku passed once of five: believed with four tries at 0.9 it passes with 4.6 of 9, and Opus has to do the rest
    of the request that it answered alone.
    """
    tried = [(attempt(usage=USAGE),)] * 4 + [(accepted(usage=USAGE),)]
    line = await replayed(tmp_path / "l", [*tried, (accepted(model=OPUS, usage=USAGE),)], fast=HAIKU, frontier=OPUS)
    asked_opus = 4 + (1 - 4.6 / 9)
    assert line.would == pytest.approx(6 * CHEAP + asked_opus * DEAR)


async def test_who_stood_in_for_a_model_that_was_ill_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "l"
    ledger = sqlite.open(path)
    await ledger.record(outcome(failed(), accepted(model=SPARE, usage=USAGE)))
    await ledger.record(outcome(accepted(model=SPARE, usage=USAGE)))
    await ledger.close()
    decision = Decision(policy="test", ladder=(Rung(tier="fast"),), reason="A test.")
    (line,) = rerun(history(path, last=10), lambda _task: decision, {"fast": Tier(name="fast", models=(HAIKU, SPARE))})
    assert (line.moved, line.would_answer, line.would) == (0, 2, pytest.approx(2 * CHEAP))


async def test_what_has_no_price_is_left_out_and_counted(tmp_path: Path) -> None:
    line = await replayed(tmp_path / "l", [(accepted(usage=USAGE),)], fast=UNPRICED)
    assert (line.requests, line.unknown, line.paid, line.would) == (0, 1, 0.0, 0.0)


async def test_the_command_replays_under_the_settings_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, config = tmp_path / "ledger.sqlite3", tmp_path / "dear.toml"
    ledger = sqlite.open(path)
    await ledger.record(outcome(accepted(usage=USAGE)))
    await ledger.close()
    config.write_text(
        '[routing]\nmode = "rules"\n[tiers.fast]\nmodels = ["anthropic/claude-opus-5-5"]\n'
        "[tiers.local]\nmodels = []\n[tiers.mid]\nmodels = []\n[tiers.frontier]\nmodels = []\n"
    )
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    arguments = ["replay", "--ledger", str(path), "--config", str(config)]
    assert await _in_thread([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (kind,) = told["kinds"]
    assert told["estimate"]
    assert (kind["kind"], kind["requests"], kind["moved"]) == ("autocomplete", 1, 1)
    assert kind["would"] > kind["paid"] == pytest.approx(CHEAP)
    assert await _in_thread(arguments) == 0
    assert "as an estimate" in capsys.readouterr().out


async def _in_thread(arguments: list[str]) -> int:
    """Run a command, which has a loop of its own."""
    return await asyncio.to_thread(main, arguments)
