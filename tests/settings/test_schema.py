"""What is generated from the settings is up to date and says what editors and people need."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tierwise.cli import main
from tierwise.settings.model import Settings
from tierwise.settings.schema import files, schema
from tierwise.settings.sources import load
from tierwise.settings.vscode import manifest

ROOT = Path(__file__).parents[2]
RENEW = "is stale; renew it with: python -m tierwise.settings.schema --write"


@pytest.mark.parametrize("path", list(files(ROOT)), ids=lambda path: path.name)
def test_the_generated_files_are_up_to_date(path: Path):
    assert path.read_text("utf-8") == files(ROOT)[path], f"{path.relative_to(ROOT)} {RENEW}"


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(inner)


@pytest.mark.parametrize("editor", [False, True])
def test_every_setting_is_explained_and_every_table_closed(editor: bool):
    made = schema(editor=editor)
    for section in (made, *made["$defs"].values()):
        assert section["additionalProperties"] is False
        for name, node in section["properties"].items():
            assert node["description"], name
            assert node["markdownDescription"].replace("`", "") == node["description"]
            assert {"type", "$ref", "enum"} & node.keys(), f"{name} has no type"


def test_no_value_is_null_and_every_reference_leads_somewhere():
    made = schema()
    for node in nodes(made):
        assert node.get("type") != "null"
        assert "anyOf" not in node
        assert "default" not in node or node["default"] is not None
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/$defs/") in made["$defs"]


def test_files_are_written_in_snake_case_and_editors_in_camel_case():
    toml, editor = schema()["$defs"], schema(editor=True)["$defs"]
    assert "max_output_tokens" in toml["FeatureSettings"]["properties"]
    assert "maxOutputTokens" in editor["FeatureSettings"]["properties"]
    for name in toml:
        assert not any(re.search("[A-Z]", key) for key in toml[name]["properties"])
        assert not any("_" in key for key in editor[name]["properties"])


def test_a_key_is_not_offered_anywhere_since_it_never_stands_in_settings():
    assert "key" not in schema()["$defs"]["ProviderSettings"]["properties"]
    assert "key" in Settings.model_fields["providers"].annotation.__args__[1].model_fields  # type: ignore[union-attr]


def test_vs_code_strikes_a_deprecated_setting_out_and_says_what_to_use_instead():
    made = schema(editor=True)
    mode = made["$defs"]["RoutingSettings"]["properties"]["mode"]
    mode |= {"deprecated": True, "markdownDescription": "Use `tierwise.policy` instead."}
    present = (ROOT / "vscode-extension/package.json").read_text("utf-8")
    groups = json.loads(manifest(present, made))["contributes"]["configuration"]
    settings = {key: setting for group in groups for key, setting in group["properties"].items()}
    assert settings["tierwise.routing.mode"]["markdownDeprecationMessage"] == "Use `tierwise.policy` instead."
    told = {key for key, setting in settings.items() if {"deprecated", "markdownDeprecationMessage"} & setting.keys()}
    assert told == {"tierwise.routing.mode"}


def documented(language: str) -> list[str]:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_pages_examples_are_settings_without_a_mistake(tmp_path: Path):
    """They are read as the user's file; the built-in ones must come out as they went in."""
    examples = documented("toml")
    assert len(examples) == 3
    for example in examples:
        (tmp_path / "config.toml").write_text(example)
        loaded = load(env={"TIERWISE_CONFIG": str(tmp_path / "config.toml")}, known_kinds=("docstring", "autocomplete"))
        assert loaded.problems == ()
    assert "providers" in tomllib.loads(examples[1])
    built_in = load(env={"TIERWISE_CONFIG": str(tmp_path / "config.toml")})
    assert built_in.settings == Settings()


def test_the_page_names_every_setting():
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    made = schema()
    for section in made["$defs"].values():
        for name, node in section["properties"].items():
            assert f"`{name}`" in page or f".{name}]`" in page, name
            assert "$ref" in node or node["markdownDescription"] in page


def test_the_schema_can_be_had_from_the_terminal(capsys: pytest.CaptureFixture[str]):
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    assert main(["schema", "--editor"]) == 0
    assert json.loads(capsys.readouterr().out) == schema(editor=True)
