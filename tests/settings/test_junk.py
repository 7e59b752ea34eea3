"""Whatever anyone writes, loading never fails and never loses a setting that is right."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tierwise.settings.model import Settings
from tierwise.settings.sources import Loaded, load

KINDS = ("autocomplete", "docstring", "fix")

NAMES = st.one_of(
    st.sampled_from(
        [
            *Settings.model_fields,
            *("fast", "mid", "openai", "hover", "inlineCompletion", "inline_completion", "fix", "openai/a", "[key]"),
            *("models", "model", "tier", "ladder", "name", "when", "kinds", "belongs", "deadline", "reason", "price"),
            *("base_url", "baseUrl", "key", "key_env", "headers", "input", "as_of", "enabled", "level", "path", "file"),
            *("maxOutputTokens", "max_output_tokens", "filesOver", "skills", "api", "type", "script", "tierwise"),
        ]
    ),
    st.text(max_size=5),
)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**18, 10**40),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["fast", "openai/a", "x/y", "fix", "hover", "{kind}", "{", "/tmp/x", "~", "~nobody/x", "\0"]),
    st.sampled_from(["http://h", "https://u:p@h", "http://[", "sk-x", "debug", "2026-01-01"]),
    st.dates(),
)
JUNK = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
JUNK_TABLES = st.dictionaries(NAMES, JUNK, max_size=5)

GOOD: dict[str, Any] = {
    "tiers": {"fast": {"models": ["openai/good"]}},
    "providers": {"work": {"base_url": "http://127.0.0.1:1", "timeout": 7.0}},
    "models": {"openai/good": {"window": 4321}},
    "features": {"hover": {"deadline": 1.5}},
    "tasks": {"docstring": {"temperature": 0.5}},
    "rules": [{"name": "good", "when": {"languages": ["python"]}, "tier": "mid"}],
    "log": {"level": "debug"},
}


def mixed(good: Any, junk: Any) -> Any:
    """Return the good settings with junk put wherever nothing good stands."""
    if isinstance(good, dict) and isinstance(junk, dict):
        inner = {key: mixed(good[key], junk[key]) if key in good else junk[key] for key in junk}
        return {**inner, **{key: value for key, value in good.items() if key not in junk}}
    if isinstance(good, list) and isinstance(junk, list):
        return [*good, *junk]
    return good


def loaded(**sources: Any) -> Loaded:
    with tempfile.TemporaryDirectory() as empty:
        config = Path(empty) / "config.toml"
        config.touch()
        return load(env={"TIERWISE_CONFIG": str(config)}, known_kinds=KINDS, **sources)


def assert_good(settings: Settings) -> None:
    assert "openai/good" in settings.tiers["fast"].models
    assert (settings.providers["work"].base_url, settings.providers["work"].timeout) == ("http://127.0.0.1:1", 7.0)
    assert settings.models["openai/good"].window == 4321
    assert settings.features.hover.deadline == 1.5
    assert settings.tasks["docstring"].temperature == 0.5
    assert any(rule.name == "good" and rule.when.languages == ("python",) for rule in settings.rules)
    assert settings.log.level == "debug"


def unshadowed(junk: Any) -> Any:
    """Leave out what would say a second time, rightly, what the good settings say."""
    rules = junk.get("rules")
    if isinstance(rules, list):
        rules = [rule for rule in rules if not (isinstance(rule, dict) and rule.get("name") == "good")]
        return {**junk, "rules": rules}
    return junk


@given(JUNK)
def test_junk_never_raises_and_what_comes_of_it_is_settings(junk: Any):
    for result in (loaded(editor=junk), loaded(initialization=junk)):
        assert Settings.model_validate(result.settings.model_dump()) == result.settings
        assert all(problem.message and problem.fix for problem in result.problems)
        assert all("\n" not in str(problem.key) or problem.path is None for problem in result.problems)


@given(JUNK_TABLES)
def test_good_settings_survive_any_junk_beside_them(junk: dict[str, Any]):
    junk.pop("tierwise", None)  # our own name with a table under it means that only that table is ours
    assert_good(loaded(editor=mixed(GOOD, unshadowed(junk))).settings)


@given(JUNK_TABLES)
def test_good_settings_of_a_weaker_source_survive_junk_that_is_wrong_throughout(junk: dict[str, Any]):
    """Every value in the junk is replaced by one that no setting takes."""
    assert_good(loaded(initialization=GOOD, editor=_wrong(junk)).settings)


def _wrong(junk: Any) -> Any:
    if isinstance(junk, dict):
        return {key: _wrong(value) for key, value in junk.items()}
    if isinstance(junk, list):
        return [_wrong(value) for value in junk]
    return float("nan")


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_files_of_junk_never_raise(data: bytes):
    with tempfile.TemporaryDirectory() as directory:
        for name in ("config.toml", ".tierwise.toml"):
            (Path(directory) / name).write_bytes(data)
        env = {"TIERWISE_CONFIG": str(Path(directory) / "config.toml")}
        result = load(editor=GOOD, roots=[Path(directory)], env=env)
    assert_good(result.settings)


@given(st.dictionaries(NAMES.map(lambda name: f"TIERWISE_{name}".upper()), st.text(max_size=10), max_size=5))
def test_an_environment_of_junk_never_raises(env: dict[str, str]):
    env = {**env, "TIERWISE_FAST": "x/y,,openai/a", "TIERWISE_CONFIG": "/nowhere/\0/config.toml"}
    assert load(env=env).settings.tiers["fast"].models == ("openai/a",)
