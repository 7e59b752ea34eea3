"""Who has the last word: defaults, user, project, editor, environment."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tierwise.settings.model import Settings
from tierwise.settings.problems import Source
from tierwise.settings.sources import Loaded, load

Read = Callable[..., Loaded]


def test_without_any_settings_everything_has_its_default_and_nothing_is_wrong(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    loaded = load(env={})
    assert loaded.settings == Settings()
    assert loaded.problems == ()
    assert list(loaded.settings.providers) == ["local", "anthropic", "openai", "gemini", "ollama", "llamacpp"]


def test_each_source_overrules_those_before_it(read: Read, user_file: Path, tmp_path: Path):
    """One setting written everywhere; the sources are then taken away one by one, the strongest first."""
    root = tmp_path / "project"
    root.mkdir()
    user_file.write_text("[features.hover]\ndeadline = 1.0\n")
    (root / ".tierwise.toml").write_text("[features.hover]\ndeadline = 2.0\n")
    initialization = {"features": {"hover": {"deadline": 3.0}}}
    editor = {"features": {"hover": {"deadline": 4.0}}}

    def deadline(**sources: object) -> float | None:
        return read(**sources).settings.features.hover.deadline

    assert deadline(roots=[root], initialization=initialization, editor=editor) == 4.0
    assert deadline(roots=[root], initialization=initialization) == 3.0
    assert deadline(roots=[root]) == 2.0
    assert deadline() == 1.0
    user_file.write_text("")
    assert deadline() is None


def test_the_environment_is_the_strongest_source(read: Read, user_file: Path):
    env = {"TIERWISE_CONFIG": str(user_file), "TIERWISE_FAST": "ollama/a, openai/b ,", "TIERWISE_LOG_LEVEL": "debug"}
    editor = {"tiers": {"fast": {"models": ["gemini/c"]}}, "log": {"level": "error"}}
    loaded = read(editor=editor, env=env)
    assert loaded.settings.tiers["fast"].models == ("ollama/a", "openai/b")
    assert loaded.settings.log.level == "debug"
    assert loaded.problems == ()


def test_a_vendors_own_variable_is_weaker_than_what_is_written_for_us(read: Read, user_file: Path):
    env = {"TIERWISE_CONFIG": str(user_file), "ANTHROPIC_BASE_URL": "http://127.0.0.1:9", "OPENAI_BASE_URL": ""}
    assert read(env=env).settings.providers["anthropic"].base_url == "http://127.0.0.1:9"
    assert read(env=env).settings.providers["openai"].base_url is None
    user_file.write_text('[providers.anthropic]\nbase_url = "https://gateway.example.com/"\n')
    loaded = read(env=env)
    assert loaded.settings.providers["anthropic"].base_url == "https://gateway.example.com"
    assert loaded.settings.providers["anthropic"].key_env == "ANTHROPIC_API_KEY", "the rest of the table stays"


def test_tables_are_merged_and_lists_replaced(read: Read, user_file: Path):
    user_file.write_text('tiers.fast.models = ["openai/a"]\nfeatures.hover = { deadline = 2, temperature = 0.5 }\n')
    editor = {"tiers": {"fast": {"models": ["openai/b", "openai/c"]}}, "features": {"hover": {"deadline": 3}}}
    settings = read(editor=editor).settings
    assert settings.tiers["fast"].models == ("openai/b", "openai/c")
    assert (settings.features.hover.deadline, settings.features.hover.temperature) == (3.0, 0.5)


@pytest.mark.parametrize("table", ["features.hover", "tasks.fix"])
def test_a_pinned_tier_takes_back_a_weaker_sources_pinned_model_and_the_other_way_round(
    read: Read, user_file: Path, table: str
):
    outer, inner = table.split(".")
    user_file.write_text(f'[{table}]\nmodel = "openai/dear"\ndeadline = 9\n')
    settings = read(editor={outer: {inner: {"tier": "fast"}}}).settings
    pinned = settings.overrides().features["hover"] if outer == "features" else settings.overrides().tasks["fix"]
    assert (pinned.tier, pinned.model, pinned.deadline) == ("fast", None, 9.0)

    user_file.write_text(f'[{table}]\ntier = "frontier"\n')
    settings = read(editor={outer: {inner: {"model": "openai/cheap"}}}).settings
    pinned = settings.overrides().features["hover"] if outer == "features" else settings.overrides().tasks["fix"]
    assert (pinned.tier, pinned.model) == (None, "openai/cheap")


def test_new_rules_come_first_and_one_with_a_known_name_takes_its_place(read: Read, user_file: Path):
    user_file.write_text(
        '[[rules]]\nname = "mine"\ntier = "local"\n[[rules]]\nname = "many files"\nenabled = false\n'
        '[[rules]]\nname = "also mine"\nladder = ["fast", "mid"]\n'
    )
    rules = read(editor={"rules": [{"name": "mine", "tier": "fast"}]}).settings.rules
    names = [rule.name for rule in rules]
    assert names == [
        "mine",
        "also mine",
        "frontier kinds",
        "many files",
        "completions",
        "words",
        "fast kinds",
        "short answers",
        "otherwise",
    ]
    assert rules[0].rungs() == ("fast",)
    assert rules[1].rungs() == ("fast", "mid")
    assert not rules[3].enabled


def test_of_several_roots_the_first_is_the_strongest(read: Read, tmp_path: Path):
    roots = [tmp_path / name for name in ("first", "second")]
    for number, root in enumerate(roots, 1):
        root.mkdir()
        (root / ".tierwise.toml").write_text(
            f"[features.hover]\ndeadline = {number}\n[features.completion]\nmax_output_tokens = {number}\n"
        )
    (roots[0] / ".tierwise.toml").write_text("[features.hover]\ndeadline = 1\n")
    features = read(roots=roots).settings.features
    assert features.hover.deadline == 1.0
    assert features.completion.max_output_tokens == 2


def test_both_spellings_are_understood_everywhere(read: Read, user_file: Path, tmp_path: Path):
    user_file.write_text('[features.inlineCompletion]\nmaxOutputTokens = 64\n[providers.openai]\nkeyEnv = "MY_KEY"\n')
    (tmp_path / ".tierwise.toml").write_text("[features.code_action]\nmax_output_tokens = 65\n")
    editor = {
        "features": {"inline_completion": {"deadline": 1}},
        "rules": [{"name": "r", "when": {"filesOver": 3, "features": ["codeAction"]}, "tier": "mid"}],
    }
    loaded = read(editor=editor, roots=[tmp_path])
    settings = loaded.settings
    assert loaded.problems == ()
    assert (settings.features.inline_completion.max_output_tokens, settings.features.code_action.max_output_tokens) == (
        64,
        65,
    )
    assert settings.features.inline_completion.deadline == 1.0
    assert settings.providers["openai"].key_env == "MY_KEY"
    assert settings.rules[0].when.files_over == 3
    assert settings.rules[0].when.any_of() == {"feature": ("code_action",)}


def test_an_editor_may_put_our_settings_under_our_name_and_leave_settings_null(read: Read):
    editor = {"tierwise": {"log": {"level": "debug", "file": None}, "tiers": None}}
    loaded = read(editor=editor)
    assert loaded.settings.log.level == "debug"
    assert loaded.problems == ()
    assert read(editor={"tierwise": None}).problems == ()


def test_one_source_may_speak_of_what_another_defines(read: Read, user_file: Path, tmp_path: Path):
    user_file.write_text('[tiers.tiny]\nmodels = ["work/small"]\n')
    (tmp_path / ".tierwise.toml").write_text('[features.hover]\ntier = "tiny"\n')
    editor = {"providers": {"work": {"baseUrl": "http://127.0.0.1:1"}}}
    loaded = read(editor=editor, roots=[tmp_path])
    assert loaded.problems == ()
    assert loaded.settings.features.hover.tier == "tiny"


def test_loading_again_takes_up_what_changed(read: Read, user_file: Path):
    user_file.write_text("[features.hover]\ndeadlin = 2.0\n")
    before = read()
    assert len(before.problems) == 1
    user_file.write_text("[features.hover]\ndeadline = 2.0\n")
    after = read()
    assert after.problems == ()
    assert after.settings.features.hover.deadline == 2.0


def test_the_files_that_were_looked_for_are_named_even_where_they_are_not_there(read: Read, user_file: Path, tmp_path):
    assert read(roots=[tmp_path]).files == (user_file, tmp_path / ".tierwise.toml")


def test_a_settings_file_that_the_environment_names_must_be_there(tmp_path: Path):
    (problem,) = load(env={"TIERWISE_CONFIG": str(tmp_path / "nowhere.toml")}).problems
    assert (problem.source, problem.key) == (Source.ENVIRONMENT, "TIERWISE_CONFIG")
    assert "does not exist" in problem.message


def test_a_key_from_the_editors_secret_store_is_used_and_never_shown(read: Read):
    options = {"providers": {"anthropic": {"key": "sk-ant-secret"}}}
    loaded = read(initialization=options)
    assert loaded.problems == ()
    provider = loaded.settings.providers["anthropic"]
    assert provider.secret({"ANTHROPIC_API_KEY": "other"}) == "sk-ant-secret"
    assert "sk-ant-secret" not in repr(loaded) + str(loaded.settings) + loaded.settings.model_dump_json()


def test_without_one_the_key_is_the_named_variables(read: Read):
    provider = read().settings.providers["anthropic"]
    assert provider.secret({"ANTHROPIC_API_KEY": "from outside"}) == "from outside"
    assert provider.secret({"ANTHROPIC_API_KEY": ""}) is None
    assert provider.secret({}) is None
