"""Settings of one language and of one folder hold there and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import at_cursor
from tierwise import tasks
from tierwise.core.model import Model, Tier
from tierwise.core.options import Options
from tierwise.core.task import Task
from tierwise.policies.override import Override
from tierwise.settings.sources import Loaded

Read = Callable[..., Loaded]

WRITTEN = """
[features.inline_completion]
model = "anthropic/everywhere"
deadline = 9.0
[folders."/project".features.inline_completion]
model = "anthropic/outer"
[folders."/project/inner".features.inline_completion]
model = "anthropic/inner"
[languages.go.features.inline_completion]
model = "anthropic/go"
[folders."/project/inner".languages.go.features.inline_completion]
tier = "mid"
"""


def task(uri: str, language: str = "python") -> Task:
    made = at_cursor("x‸", language)
    assert made.document is not None
    return replace(made, document=replace(made.document, uri=uri))


@pytest.mark.parametrize(
    ("uri", "language", "model"),
    [
        ("file:///elsewhere/a", "python", "anthropic/everywhere"),
        ("file:///projects/a", "python", "anthropic/everywhere"),
        ("untitled:Untitled-1", "python", "anthropic/everywhere"),
        ("file:///project/a", "python", "anthropic/outer"),
        ("file:///project/inner/a", "python", "anthropic/inner"),
        ("file:///elsewhere/a", "go", "anthropic/go"),
        ("file:///project/inner/a", "go", None),
    ],
)
def test_the_narrowest_wins_and_a_language_over_a_folder(
    read: Read, user_file: Path, uri: str, language: str, model: str | None
):
    user_file.write_text(WRITTEN)
    loaded = read()
    assert loaded.problems == ()
    options = loaded.settings.overrides().of(task(uri, language))
    assert options == Options(model=model, tier=None if model else "mid", deadline=9.0)


def test_a_decision_says_where_the_model_was_set(read: Read, user_file: Path):
    user_file.write_text(WRITTEN)
    model = Model(name="x", provider="anthropic", price=None)
    policy = Override(read().settings.overrides(), lambda _ref: model)
    tiers = {"mid": Tier(name="mid", models=(model,))}

    def reason(uri: str, language: str) -> str:
        decision = policy.decide(task(uri, language), tasks.load("autocomplete"), tiers)
        assert decision is not None
        return decision.reason

    assert reason("file:///elsewhere/a", "python") == "You set features.inline_completion to anthropic/x."
    narrow = "features.inline_completion in go below /project/inner"
    assert reason("file:///project/inner/a", "go") == f"You set {narrow} to the mid tier."


def test_a_feature_can_be_off_everywhere_but_in_one_language(read: Read):
    off = {"inlineCompletion": {"enabled": False}}
    editor = {"features": off, "languages": {"go": {"features": {"inlineCompletion": {"enabled": True}}}}}
    overrides = read(editor=editor).settings.overrides()
    assert overrides.of(task("file:///a", "go")).enabled is True
    assert overrides.of(task("file:///a", "python")).enabled is False


def test_models_of_one_language_are_known_as_all_others(read: Read, user_file: Path):
    user_file.write_text(WRITTEN)
    models = [options.model for options in read().settings.overrides().every() if options.model]
    assert models == ["anthropic/everywhere", "anthropic/outer", "anthropic/inner", "anthropic/go"]


def test_what_is_wrong_in_a_language_is_said_and_left_out(read: Read):
    wrong = {"model": "nowhere/x", "deadline": 2.0}
    loaded = read(editor={"languages": {"go": {"features": {"hover": wrong}}}})
    (problem,) = loaded.problems
    assert problem.key == "languages.go.features.hover.model"
    assert loaded.settings.languages["go"].features.hover.deadline == 2.0


def test_a_project_chooses_by_language_and_says_nothing_of_folders(read: Read, tmp_path: Path):
    (tmp_path / ".tierwise.toml").write_text(WRITTEN)
    loaded = read(roots=[tmp_path])
    assert [problem.key for problem in loaded.problems] == ["folders"]
    assert loaded.settings.languages["go"].features.inline_completion.model == "anthropic/go"
    assert loaded.settings.folders == {}
