"""`tierwise route`: who would answer, for how much, and what would change it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tierwise import tasks
from tierwise.cli import main
from tierwise.policies.learning.file import save
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.study import Case, Trial, study
from tierwise.settings.paths import ledger_file

CONFIG = """\
[providers.fake]
type = "fake"
script = "{script}"
[models."fake/small".price]
input = 1.0
output = 5.0
cache_read = 0.1
cache_write = 1.25
[tiers.fast]
models = ["fake/small"]
[tiers.mid]
models = ["fake/middle"]
[tiers.frontier]
models = ["fake/large"]
"""


@pytest.fixture
def route(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run the command in an empty folder with three configured tiers; no model can answer, because none is asked."""
    script = tmp_path / "nobody-reads-this.toml"
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(script=script))
    monkeypatch.setenv("TIERWISE_CONFIG", str(config))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, code: int = 0) -> Any:
        assert main(["route", *arguments]) == code
        told = capsys.readouterr()
        return json.loads(told.out) if "--json" in arguments else told.out or told.err

    return run


def ladder(told: Any) -> list[str]:
    return [rung["tier"] for rung in told["decision"]["ladder"]]


def test_a_described_task_is_decided_by_its_facts(route: Callable[..., Any]) -> None:
    assert ladder(route("--kind", "docstring", "--json")) == ["fast", "mid", "frontier"]
    assert ladder(route("--kind", "fix", "--json")) == ["mid", "frontier"]
    assert ladder(route("--kind", "fix", "--files", "6", "--json")) == ["frontier"]
    assert ladder(route("--kind", "explain", "--json")) == ["fast"]


def test_candidates_have_prices_tokens_and_costs_and_unknown_ones_say_so(route: Callable[..., Any]) -> None:
    small, middle, large = route("--kind", "fix", "--output", "400", "--json")["candidates"]
    assert (small["model"], small["place"], middle["place"], large["place"]) == ("fake/small", None, 1, 2)
    assert small["cost"] == pytest.approx((small["tokens"]["input"] * 1.0 + 400 * 5.0) / 1e6)
    assert (middle["price"], middle["cost"]) == (None, None)


def record(model: str, solved: float) -> Memory:
    return study([Case(traits=(), trials=(Trial(model=model, solved=solved, cost=0.01),)) for _ in range(60)])


def test_expected_success_names_whose_outcomes_say_so(route: Callable[..., Any], tmp_path: Path, home: Path) -> None:
    """The user's own record knows the small model, the team's the middle one, nobody the large one."""
    own = ledger_file(None).with_name("learned.json")
    save(own, record("small", 0.9))
    save(tmp_path / "team.json", record("middle", 0.5))
    with Path(os.environ["TIERWISE_CONFIG"]).open("a") as config:
        config.write(f'[routing]\nteam_policy = "{tmp_path}/team.json"\n')
    small, middle, large = route("--kind", "fix", "--json")["candidates"]
    assert [each["level"] for each in (small, middle, large)] == ["own", "team", "bundled"]
    assert small["levels"] == {"own": pytest.approx(60)}
    assert middle["levels"] == {"team": pytest.approx(40)}
    assert (large["outcomes"], large["levels"]) == (0, {})
    assert small["chance"] > middle["chance"]
    before = own.read_bytes()
    page = route("--kind", "fix")
    assert ", 60 own" in page
    assert ", 40 of the team" in page
    assert ", by its price" in page
    assert own.read_bytes() == before


def test_it_says_what_would_change_the_decision(route: Callable[..., Any]) -> None:
    changes = {change["when"]: change["ladder"] for change in route("--kind", "fix", "--json")["changes"]}
    assert changes["6 files or more"] == ["frontier"]
    assert changes["199 expected output tokens or fewer"] == ["fast", "mid", "frontier"]


def test_a_real_place_is_measured(route: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    return 1\n" * 40)
    told = route("a.py:3", "--json")
    assert told["task"]["language"] == "python"
    assert told["decision"]["signals"]["lines"] == 81
    assert told["candidates"][0]["tokens"]["input"] > 100


def test_as_a_page_it_shows_the_same(route: Callable[..., Any]) -> None:
    page = route("--kind", "fix")
    assert "mid at 0.8 > frontier at 0.8" in page
    assert "With 6 files or more: frontier." in page
    assert "unknown" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--kind", "dance"), "there is no task kind 'dance'"),
        (("a.py",), "write FILE:LINE"),
        (("nothing.py:1",), "cannot be read"),
    ],
)
def test_what_does_not_exist_is_refused(route: Callable[..., Any], arguments: tuple[str, ...], message: str) -> None:
    assert message in route(*arguments, code=2)


def test_nothing_is_written_anywhere(route: Callable[..., Any], tmp_path: Path, home: Path) -> None:
    route("--kind", "fix")
    assert not list(home.rglob("*.sqlite3"))


def test_without_models_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code = main(["route", "--kind", "fix"])
    assert code == 1
    assert "tierwise doctor" in capsys.readouterr().out


CHATS = [
    name
    for name, kind in ((name, tasks.load(name)) for name in sorted(tasks.names()))
    if kind.form != "insertion" and kind.belongs != "local"
]


@pytest.mark.parametrize("kind", CHATS)
def test_a_described_task_of_any_kind_is_estimated_with_its_instructions(route: Callable[..., Any], kind: str) -> None:
    told = route("--kind", kind, "--instruction", "Do it.", "--json")
    assert min(candidate["tokens"]["input"] for candidate in told["candidates"]) > 50
