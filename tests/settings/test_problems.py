"""Each kind of mistake: what is said, where it is shown, and what stays in force."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tierwise.core.text import Text
from tierwise.settings.problems import Problem, Source
from tierwise.settings.sources import Loaded, load

Read = Callable[..., Loaded]


def marked(drawing: str) -> tuple[str, str]:
    """Return a TOML text without its ``⟦`` and ``⟧``, and what stands between them."""
    inside = drawing.partition("⟦")[2].partition("⟧")[0]
    return drawing.replace("⟦", "").replace("⟧", ""), inside


CASES = [
    pytest.param(
        '[features.hover]\n⟦modle⟧ = "openai/a"\n',
        'features.hover.modle: there is no setting "modle". Did you mean "model"?',
        id="unknown key",
    ),
    pytest.param(
        "⟦feature⟧.hover.deadline = 2\n",
        'feature: there is no setting "feature". Did you mean "features"?',
        id="unknown table",
    ),
    pytest.param(
        "[features.⟦inlineCompletions⟧]\ndeadline = 2\n",
        'features.inlineCompletions: there is no setting "inlineCompletions". Did you mean "inline_completion"?',
        id="unknown feature",
    ),
    pytest.param(
        '[features.hover]\ndeadline = ⟦"soon"⟧ # please\n',
        'features.hover.deadline: this must be a number, not the string "soon". Seconds after which',
        id="wrong type",
    ),
    pytest.param(
        "[features]\nhover = ⟦true⟧\n",
        "features.hover: this must be a table, not true. What the symbol",
        id="value for a table",
    ),
    pytest.param(
        "[features.hover]\nmax_output_tokens = ⟦2.5⟧\n",
        "features.hover.max_output_tokens: this must be a whole number, not the number 2.5.",
        id="fraction",
    ),
    pytest.param(
        "[features.hover]\ntemperature = ⟦3⟧\n",
        "features.hover.temperature: this must be less than or equal to 2. How freely",
        id="out of range",
    ),
    pytest.param(
        "[features.hover]\ndeadline = ⟦nan⟧\n",
        "features.hover.deadline: this must be a finite number",
        id="not a number",
    ),
    pytest.param(
        '[log]\nlevel = ⟦"warn"⟧\n',
        'log.level: there is no such choice. Did you mean "warning"?',
        id="unknown choice",
    ),
    pytest.param(
        '[tiers.fast]\nmodels = ["openai/a", ⟦"antropic/b"⟧]\n',
        'tiers.fast.models[1]: there is no provider "antropic". Did you mean "anthropic"? Known here: "local", '
        '"anthropic", "openai", "gemini", "ollama", "llamacpp". To add it, write a table [providers.antropic].',
        id="unknown provider",
    ),
    pytest.param(
        '[tasks.fix]\nmodel = ⟦"gpt"⟧\n',
        'tasks.fix.model: "gpt" is not a model reference. Write "provider/model"; the providers are: local, anthropic,',
        id="model without provider",
    ),
    pytest.param(
        '[models.⟦"opnai/x"⟧]\nwindow = 5\n',
        'models.opnai/x: there is no provider "opnai". Did you mean "openai"?',
        id="unknown provider in a key",
    ),
    pytest.param(
        "[tiers.fast]\nmodels = ⟦[]⟧\n",
        "tiers.fast.models: the list is empty. Models of this tier",
        id="tier without models",
    ),
    pytest.param(
        "[tiers.⟦own⟧]\n",
        'tiers.own: the tier "own" has no models. Give it models = ["provider/model"]',
        id="own tier without models",
    ),
    pytest.param(
        '[features.hover]\ntier = ⟦"fst"⟧\n',
        'features.hover.tier: there is no tier "fst". Did you mean "fast"? Known here: "local", "fast", "mid"',
        id="unknown tier",
    ),
    pytest.param(
        '[tasks.⟦docstrings⟧]\ntier = "fast"\n',
        'tasks.docstrings: there is no task kind "docstrings". Did you mean "docstring"? Known here: "autocomplete"',
        id="unknown task kind",
    ),
    pytest.param(
        '[[rules]]\nname = "a"\ntier = "fast"\n[[rules]]\nname = "b"\ntier = ⟦"slow"⟧\n',
        'rules[1].tier: there is no tier "slow".',
        id="unknown tier in a rule",
    ),
    pytest.param(
        '[[rules]]\nname = "a"\ntier = "fast"\nwhen = { kinds = ["fix", ⟦"fixx"⟧] }\n',
        'rules[0].when.kinds[1]: there is no task kind "fixx". Did you mean "fix"?',
        id="unknown kind in a rule",
    ),
    pytest.param(
        '[[rules]]\nname = "a"\ntier = "fast"\nwhen.features = [⟦"hovering"⟧]\n',
        'rules[0].when.features[0]: there is no feature "hovering". Did you mean "hover"?',
        id="unknown feature in a rule",
    ),
    pytest.param(
        '[[⟦rules⟧]]\ntier = "fast"\n',
        'rules[0].name: "name" is missing. What it is called',
        id="rule without a name",
    ),
    pytest.param(
        '[[⟦rules⟧]]\nname = "a"\n',
        "rules[0]: a rule names either a tier or a ladder. Write tier",
        id="rule that leads nowhere",
    ),
    pytest.param(
        '[[rules]]\nname = "a"\ntier = "fast"\nreason = ⟦"{file} files"⟧\n',
        'rules[0].reason: there is no fact "file". Did you mean "files"?',
        id="unknown fact in a reason",
    ),
    pytest.param(
        '[[rules]]\nname = "a"\ntier = "fast"\nreason = ⟦"{files files"⟧\n',
        "rules[0].reason: a brace is not closed.",
        id="broken reason",
    ),
    pytest.param(
        "[features.hover]\nmaxOutputTokens = 5\n⟦max_output_tokens⟧ = 6\n",
        'features.hover.max_output_tokens: "max_output_tokens" is written twice.',
        id="both spellings",
    ),
    pytest.param(
        '[providers.work]\nbase_url = ⟦"localhost:8080"⟧\n',
        "providers.work.base_url: this is not a URL. Write it with its scheme",
        id="not a URL",
    ),
    pytest.param(
        '[providers.⟦"my/work"⟧]\ntimeout = 5\n',
        "providers.my/work: this is not a provider's name.",
        id="provider with a slash",
    ),
    pytest.param(
        '[ledger]\npath = ⟦"ledger.db"⟧\n',
        "ledger.path: 'ledger.db' is not an absolute path.",
        id="relative path",
    ),
    pytest.param(
        '[models."openai/x"]\nprice = { input = 1, as_of = ⟦"yesterday"⟧ }\n',
        'models.openai/x.price.as_of: "yesterday" is not a date.',
        id="not a date",
    ),
    pytest.param("[features.hover]\ndeadline = ⟦⟧two\n", "this is not TOML: invalid value.", id="broken TOML"),
]


@pytest.mark.parametrize(("drawing", "said"), CASES)
def test_a_mistake_is_explained_where_it_stands(read: Read, user_file: Path, drawing: str, said: str):
    text, inside = marked(drawing)
    user_file.write_text(text)
    (problem,) = read().problems
    assert str(problem).partition(": ")[2].startswith(said)
    assert (problem.source, problem.path) == (Source.USER, user_file)
    assert problem.span is not None
    assert Text.of(text).slice(problem.span) == inside
    assert problem.fix.endswith((".", "?")), "the fix is a sentence"


SECRET = "sk-ant-api03-Zx9"

SECRETS = [
    pytest.param(f'[providers.work]\nkey = ⟦"{SECRET}"⟧\n', "a key must not stand in a file", id="key in a file"),
    pytest.param(
        f'[providers.work]\nkey_env = ⟦"{SECRET}"⟧\n', "not the name of an environment variable", id="key as its name"
    ),
    pytest.param(
        f'[providers.work.headers]\n⟦Authorization⟧ = "Bearer {SECRET}"\n', "a header that holds a key", id="header"
    ),
    pytest.param(
        f'[providers.work]\nbase_url = ⟦"https://me:{SECRET}@example.com"⟧\n', "a user name or password", id="URL"
    ),
    pytest.param(f'[providers.work]\ntimeout = ⟦"{SECRET}"⟧\n', "must be a number, not a string", id="wrong field"),
    pytest.param(f'[providers.work]\ntype = ⟦"{SECRET}"⟧\n', "there is no such choice", id="wrong choice"),
    pytest.param(f'providers = ⟦"{SECRET}"⟧\n', "must be a table, not a string", id="wrong table"),
    pytest.param(f'[providers.work]\nheaders = ⟦["{SECRET}"]⟧\n', "must be a table, not a list", id="wrong headers"),
]


@pytest.mark.parametrize(("drawing", "said"), SECRETS)
def test_a_secret_in_the_wrong_place_is_refused_and_not_repeated(read: Read, user_file: Path, drawing: str, said: str):
    text, inside = marked(drawing)
    user_file.write_text(text)
    loaded = read()
    (problem,) = loaded.problems
    assert said in problem.message
    assert problem.span is not None
    assert Text.of(text).slice(problem.span) == inside
    assert SECRET not in repr(loaded) + str(problem)


def test_a_key_in_the_editors_settings_is_refused_since_they_are_a_file_too(read: Read):
    loaded = read(editor={"providers": {"openai": {"key": SECRET}}})
    (problem,) = loaded.problems
    assert problem.key == "providers.openai.key"
    assert "key_env" in problem.fix
    assert loaded.settings.providers["openai"].key is None


def test_an_editors_mistake_is_named_in_its_own_spelling(read: Read):
    (problem,) = read(editor={"features": {"inlineCompletion": {"maxOutputTokens": "many"}}}).problems
    assert problem == Problem(
        source=Source.EDITOR,
        key="features.inlineCompletion.maxOutputTokens",
        message='this must be a whole number, not the string "many"',
        fix="Tokens an answer may have.",
    )
    assert str(problem).startswith("editor settings: features.inlineCompletion.maxOutputTokens: this must be")


def test_a_variables_mistake_is_named_by_the_variable(user_file: Path):
    env = {"TIERWISE_MID": "openai/a,gpt", "TIERWISE_LOG_LEVL": "debug", "TIERWISE_SOMETHING_ELSE": "1"}
    loaded = load(env=env)
    wrong, misspelled = (problem for problem in loaded.problems if problem.source is Source.ENVIRONMENT)
    assert (wrong.key, wrong.message) == ("TIERWISE_MID", '"gpt" is not a model reference')
    assert (misspelled.key, misspelled.fix) == ("TIERWISE_LOG_LEVL", "Did you mean TIERWISE_LOG_LEVEL?")
    assert loaded.settings.tiers["mid"].models == ("openai/a",)


def test_editor_settings_that_are_no_table_at_all_are_one_problem(read: Read):
    assert [problem.message for problem in read(editor={"tierwise": [1]}).problems] == ["the settings must be a table"]


def test_the_rest_of_a_table_works_beside_its_mistakes(read: Read, user_file: Path):
    user_file.write_text(
        '[features.hover]\ntier = "fats"\ndeadline = 2\nmodle = "x"\ntemperature = "hot"\nmax_output_tokens = 7\n'
    )
    loaded = read()
    hover = loaded.settings.features.hover
    assert (hover.deadline, hover.max_output_tokens, hover.tier, hover.temperature) == (2.0, 7, None, None)
    assert [problem.span.start.line for problem in loaded.problems if problem.span] == [1, 3, 4]


def test_what_a_weaker_source_said_stays_where_a_stronger_one_is_wrong(read: Read, user_file: Path):
    user_file.write_text('[features.hover]\ndeadline = 2\n[tiers.fast]\nmodels = ["openai/a"]\n')
    loaded = read(editor={"features": {"hover": {"deadline": "x"}}, "tiers": {"fast": {"models": []}}})
    assert loaded.settings.features.hover.deadline == 2.0
    assert loaded.settings.tiers["fast"].models == ("openai/a",)
    assert len(loaded.problems) == 2


def test_wrong_models_are_left_out_of_a_list_and_counted_as_written(read: Read, user_file: Path):
    user_file.write_text('[tiers.fast]\nmodels = [1, "openai/a", "x/b", "ollama/c", 2]\n')
    loaded = read()
    assert loaded.settings.tiers["fast"].models == ("openai/a", "ollama/c")
    assert [problem.key for problem in loaded.problems] == [f"tiers.fast.models[{index}]" for index in (0, 2, 4)]


def test_a_tier_of_wrong_models_only_counts_as_not_written(read: Read, user_file: Path):
    user_file.write_text('[tiers.fast]\nmodels = ["x/b"]\n')
    loaded = read()
    assert not loaded.settings.tiers["fast"].models
    assert [problem.message for problem in loaded.problems] == ['there is no provider "x"']


def test_a_rule_with_a_mistake_is_left_out_whole_and_the_others_stay(read: Read, user_file: Path):
    """Without its wrong condition the first rule would send everything to the frontier tier."""
    user_file.write_text(
        '[[rules]]\nname = "audits"\nwhen = { kinds = ["audti"] }\ntier = "frontier"\n'
        '[[rules]]\nname = "python"\nwhen = { languages = ["python"] }\ntier = "fast"\n'
        '[[rules]]\nname = "bad"\ntier = 3\nladder = 4\n'
    )
    loaded = read()
    assert loaded.settings.rules[0].name == "python"
    assert loaded.settings.rules[1].name == "frontier kinds"
    assert [problem.key for problem in loaded.problems] == [
        "rules[0].when.kinds[0]",
        "rules[2].tier",
        "rules[2].ladder",
    ]


@pytest.mark.parametrize("reason", ["{kind.__class__}", "{kind[0]}", "{files:>999999999}", "{kind!r}", "{}", "{0}"])
def test_a_reason_can_do_nothing_but_name_facts(read: Read, reason: str):
    loaded = read(editor={"rules": [{"name": "a", "tier": "fast", "reason": reason}]})
    assert loaded.settings.rules[0].name == "frontier kinds"
    assert [problem.key for problem in loaded.problems] == ["rules[0].reason"]


def test_more_mistakes_than_anyone_reads_are_counted(read: Read, user_file: Path):
    user_file.write_text("".join(f"[a{number}]\n" for number in range(120)))
    *listed, last = read().problems
    assert [problem.key for problem in listed] == [f"a{number}" for number in range(100)]
    assert last.message == "there are 20 more mistakes"


def test_columns_count_code_points_and_lines_may_end_in_crlf(read: Read, user_file: Path):
    text = '# 🦀 préface\r\n[features.hover]\r\n"de\\u0061dline" = "🦀🦀" # not a number\r\n'
    user_file.write_bytes(text.encode())
    (problem,) = read().problems
    assert problem.span is not None
    assert Text.of(text).slice(problem.span) == '"🦀🦀"'
