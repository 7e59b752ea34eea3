"""Each kind on a real project: its prompt to the letter, its size, its decision; and a kind of one's own."""

import importlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from projects import PYTHON, branch, commit, write
from tierwise import checks, edits, prompts, tasks, trims
from tierwise.cli import main
from tierwise.core.document import Document
from tierwise.core.model import Model, Tier
from tierwise.core.prompt import Chat, Limits, prompt_tokens
from tierwise.core.task import Diagnostic, Task, TaskKind
from tierwise.core.text import Position, Span, Text
from tierwise.features import menu
from tierwise.policies.override import Override
from tierwise.policies.rules import Rule, Rules
from tierwise.settings.paths import CONFIG, DATA_DIR
from tierwise.settings.routing import RULES
from tierwise.settings.sources import load
from tierwise.tasks import Ground, reference
from tierwise.workspace import grammars
from tierwise.workspace.ignore import Gate

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
RENEW = "RENEW_GOLDEN"

MODEL = Model(name="m", provider="p", price=None)
TIERS = {name: Tier(name=name, models=(replace(MODEL, name=name),)) for name in ("fast", "mid", "frontier")}

WHERE: dict[str, tuple[str, int, int, int, int]] = {
    "docstring": ("shop/prices.py", 3, 4, 3, 4),
    "implement": ("shop/prices.py", 7, 4, 7, 4),
    "comment": ("shop/orders.py", 8, 0, 10, 31),
    "name": ("shop/orders.py", 8, 8, 8, 8),
    "transform": ("shop/prices.py", 13, 4, 13, 4),
    "annotate": ("shop/prices.py", 3, 0, 3, 0),
    "query": ("shop/orders.py", 8, 8, 8, 13),
    "endpoint": ("shop/api.py", 5, 0, 5, 0),
    "explain": ("shop/prices.py", 3, 4, 3, 4),
    "merge": ("shop/conflict.py", 2, 0, 2, 0),
    "refactor": ("shop/orders.py", 7, 0, 11, 0),
}
"""Where each kind is asked for; the others at the start of ``shop/prices.py``."""

SAID = {
    "translate": "Into Go.",
    "transform": "Use an f-string.",
    "classify": "It crashes on start.",
    "search": "Where are rebates computed?",
    "fix": "",
}

CONFLICT = "a = 1\n<<<<<<< ours\nb = 2\n=======\nb = 3\n>>>>>>> theirs\nc = 4\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The shop on a branch with one commit and one change that is not committed."""
    project = tmp_path / "shop"
    write({**PYTHON, "shop/conflict.py": CONFLICT}, project)
    commit(project, "prices: begin with cents")
    branch(project, "tax")
    write({"shop/tax.py": "RATE = 20\n"}, project)
    commit(project, "tax: name the rate")
    write({"shop/tax.py": "RATE = 19\n"}, project)
    return project


async def ready(kind: TaskKind, root: Path) -> Task:
    """Return the kind's task as the server would make it."""
    name, *places = WHERE.get(kind.name, ("shop/prices.py", 0, 0, 0, 0))
    text = Text.of((root / name).read_text())
    document = Document(uri=(root / name).as_uri(), version=1, language=grammars.language_of(name), text=text)
    span = Span(Position(places[0], places[1]), Position(places[2], places[3]))
    problem = Diagnostic(uri=document.uri, span=Span.at(4, 4), message="unsupported operand", source="checker")
    task = Task(
        id="t",
        kind=kind.name,
        feature="command",
        document=document,
        span=Span.at(4, 4) if kind.name == "fix" else span,
        instruction=SAID.get(kind.name, "Make it exact."),
        diagnostics=(problem,) if kind.name == "fix" else (),
        facts={"root": str(root)},
    )
    return await tasks.prepared(task, Ground(root=root, gate=Gate((root,)), opened={document.uri: document}))


async def asked(kind: TaskKind, root: Path) -> Chat:
    """Return what a model is asked."""
    prompt = prompts.build(await ready(kind, root), kind, MODEL, Limits(max_tokens=kind.max_output))
    assert isinstance(prompt, Chat)
    return prompt


def written(prompt: Chat, root: Path) -> str:
    """Return the prompt as its golden file has it; what differs from run to run is named instead."""
    text = f"{prompt.system}\n=== beside it\n{prompt.stable}\n=== asked\n{prompt.messages[0].text}\n"
    return re.sub(r"index [0-9a-f]+\.\.[0-9a-f]+", "index OLD..NEW", text.replace(str(root), "ROOT"))


@pytest.mark.parametrize("kind", tasks.offered(), ids=lambda kind: kind.name)
async def test_the_prompt_of_each_kind_is_the_golden_one(kind: TaskKind, root: Path) -> None:
    text = written(await asked(kind, root), root)
    path = GOLDEN / f"{kind.name}.md"
    if os.environ.get(RENEW):
        path.write_text(text)
    assert text == path.read_text(), f"renew it with {RENEW}=1, and read what changed"


@pytest.mark.parametrize("place", ["shop/rates.py", "lib/rates.py"])
async def test_a_docstring_is_asked_for_in_the_style_of_the_project_where_the_file_has_none(
    root: Path, place: str
) -> None:
    kind = tasks.load("docstring")
    assert "(PEP 257)" in (await asked(kind, root)).system
    write({place: 'def rate(of):\n    """Return a rate.\n\n    Args:\n        of: A country.\n    """\n'}, root)
    assert "(Google style)" in (await asked(kind, root)).system


@pytest.mark.parametrize("kind", tasks.offered(), ids=lambda kind: kind.name)
async def test_each_kind_keeps_to_its_tier_s_budget_in_a_workspace_of_any_size(kind: TaskKind, root: Path) -> None:
    body = "".join(
        f"def function_number_{number}(first, second):\n    return first + second\n\n\n" for number in range(900)
    )
    write({f"shop/large_{number}.py": body for number in range(6)}, root)
    commit(root, "Grow")
    write({f"shop/large_{number}.py": body + "LAST = 1\n" for number in range(6)}, root)
    assert prompt_tokens(await asked(kind, root)) <= tasks.BUDGET[kind.belongs]


@pytest.mark.parametrize("kind", tasks.offered(), ids=lambda kind: kind.name)
async def test_each_kind_is_routed_to_its_home_tier_by_the_built_in_rules(kind: TaskKind, root: Path) -> None:
    rules = Rules(
        [
            Rule(
                name=rule.name,
                ladder=rule.rungs(),
                reason=rule.sentence(),
                any_of=rule.when.any_of(),
                over=rule.when.over(),
                under=rule.when.under(),
            )
            for rule in RULES
        ]
    )
    decision = rules.decide(await ready(kind, root), kind, TIERS)
    assert decision is not None
    usual = {"annotate", "implement", "fix", "edit", "tests", "ask", "refactor", "endpoint", "summarise", "translate"}
    wanted = "fast" if kind.belongs == "mid" and kind.output < 200 else kind.belongs
    assert decision.ladder[0].tier == wanted, decision.reason
    assert kind.name not in usual or wanted == "mid"


@pytest.mark.parametrize("kind", tasks.offered(), ids=lambda kind: kind.name)
async def test_the_editor_s_settings_give_each_kind_to_another_tier_by_its_name_or_its_feature(
    kind: TaskKind, root: Path, tmp_path: Path
) -> None:
    task = await ready(kind, root)
    (tmp_path / "config.toml").touch()
    other = "fast" if kind.belongs != "fast" else "frontier"
    for section, name in (("tasks", kind.name), ("features", task.feature)):
        chosen = load(env={CONFIG: str(tmp_path / "config.toml")}, editor={section: {name: {"tier": other}}})
        assert chosen.problems == ()
        decision = Override(chosen.settings.overrides(), lambda _name: None).decide(task, kind, TIERS)
        assert decision is not None
        assert [rung.tier for rung in decision.ladder] == [other]
        assert f"{section}.{name}" in decision.reason


@pytest.mark.parametrize("kind", tasks.offered(), ids=lambda kind: kind.name)
def test_all_that_a_kind_names_is_there(kind: TaskKind) -> None:
    assert edits.load(kind.form)
    assert all(checks.load(name) for name in kind.checks)
    assert all(trims.load(name) for name in kind.trims)
    for offer in kind.offers:
        re.compile(offer.pattern)
        assert offer.action.split(".")[0] in ("quickfix", "refactor", "source")


def test_the_page_about_the_kinds_is_up_to_date_and_has_an_example_for_each() -> None:
    page = reference.page()
    assert (ROOT / "docs/tasks.md").read_text("utf-8") == page, "renew: python -m tierwise.tasks.reference --write"
    assert page.count("\nExample: ") == len(tasks.offered())


NEW_KIND = '''\
"""Haiku about a function.

Example: the cursor on a function, *Write a haiku*.
"""

from tierwise.core.offer import Offer, On
from tierwise.core.task import TaskKind
from tierwise.tasks import template

KIND = TaskKind(
    name="haiku",
    title="Write a haiku",
    belongs="fast",
    form="text",
    template=template("haiku"),
    output=30,
    max_output=100,
    deadline=10.0,
    gives="text",
    offers=(Offer(title="Write a haiku", action="source.haiku", on=On.DEFINITION),),
)
'''


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two files, as the docs say, in a folder that the room looks into as into its own."""
    folder = tmp_path / "added"
    folder.mkdir()
    (folder / "haiku.py").write_text(NEW_KIND)
    (folder / "haiku.md").write_text("You write haiku.\n===\nAbout:\n{{selection}}\n")
    monkeypatch.setattr(tasks, "__path__", [*tasks.__path__, str(folder)])
    importlib.invalidate_caches()
    tasks.names.cache_clear()
    tasks.load.cache_clear()
    yield
    tasks.names.cache_clear()
    tasks.load.cache_clear()


@pytest.mark.usefixtures("newcomer")
def test_a_kind_that_somebody_added_is_run_priced_and_reported_like_ours(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "script.toml").write_text('[[rule]]\nprompt = "You write haiku."\ntext = "An old silent pond"\n')
    (tmp_path / "config.toml").write_text(
        f'[providers.stage]\ntype = "fake"\nscript = "{tmp_path}/script.toml"\n'
        '[tiers.fast]\nmodels = ["stage/poet"]\n[models."stage/poet"]\nprice = { input = 1, output = 5 }\n'
        "[tasks.haiku]\ndeadline = 60\n"
    )
    monkeypatch.setenv(CONFIG, str(tmp_path / "config.toml"))
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    monkeypatch.chdir(root)
    assert main(["run", "haiku", "shop/prices.py:4"]) == 0
    assert capsys.readouterr().out == "An old silent pond\n"
    assert main(["report", "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)["by"]["kind"]
    assert (line["name"], line["requests"]) == ("haiku", 1)
    assert line["cost"] > 0
    assert main(["why", "--last", "1", "--json"]) == 0
    assert '"kind": "haiku"' in capsys.readouterr().out


@pytest.mark.usefixtures("newcomer")
async def test_two_files_make_a_kind(root: Path) -> None:
    """It is known by name, offered where it says, asked with its prompt, commanded and documented."""
    kind = tasks.load("haiku")
    document = Document(
        uri=(root / "a.py").as_uri(), version=1, language="python", text=Text.of("def f():\n    pass\n")
    )
    sight = menu.look(document, Span.at(0, 4))
    assert "Write a haiku" in [entry.title for entry in menu.entries(sight, (), tasks.offered())]
    prompt = await asked(kind, root)
    assert prompt.system == "You write haiku."
    assert prompt.messages[0].text.startswith("About:\n")
    from tierwise.features.commands import Commands

    assert "tierwise.haiku" in Commands(None).table()  # type: ignore[arg-type]  # no house is needed to list them
    assert "## `tierwise.haiku`" in reference.page()
