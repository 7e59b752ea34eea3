"""The extension for VS Code offers every kind of work, and asks for what a kind cannot do without."""

import json
import re
from pathlib import Path

from tierwise.features.commands import INWARD
from tierwise.tasks import load, names

EXTENSION = Path(__file__).parents[2] / "vscode-extension"


def table() -> dict[str, str]:
    """Return the lines of the extension's table of kinds, by name."""
    text = (EXTENSION / "src" / "kinds.ts").read_text("utf-8")
    return {line[1]: line[0] for line in re.finditer(r'\{ name: "(\w+)".*\}', text)}


def test_every_kind_is_a_command_in_the_palette() -> None:
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    commands = {command["command"] for command in manifest["contributes"]["commands"]}
    offered = {name for name in names() if name not in INWARD}
    assert offered == table().keys()
    assert {f"tierwise.{name}" for name in offered} <= commands


def test_words_are_asked_for_where_a_kind_cannot_do_without() -> None:
    for name, line in table().items():
        needed = "question:" in line and "optional:" not in line
        assert needed == load(name).wants_instruction, name


def test_every_command_of_a_menu_is_declared() -> None:
    contributes = json.loads((EXTENSION / "package.json").read_text("utf-8"))["contributes"]
    declared = {command["command"] for command in contributes["commands"]}
    shown = {item["command"] for items in contributes["menus"].values() for item in items if "command" in item}
    linked = set(re.findall(r"command:(tierwise\.\w+)", json.dumps(contributes["walkthroughs"])))
    assert shown | linked <= declared
    assert all(command["category"] == "Tierwise" for command in contributes["commands"])


def test_it_runs_where_the_code_is_and_says_where_it_cannot() -> None:
    """Over SSH, in WSL and in dev containers the extension and its server are on the other side."""
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    assert manifest["extensionKind"] == ["workspace"]
    virtual, untrusted = (manifest["capabilities"][name] for name in ("virtualWorkspaces", "untrustedWorkspaces"))
    assert virtual["supported"] is False
    assert "on a disk" in virtual["description"]
    assert untrusted["supported"] == "limited"
    restricted = set(untrusted["restrictedConfigurations"])
    assert {"tierwise.server.path", "tierwise.providers", "tierwise.checks.testCommand"} <= restricted
    assert "tierwise.features.inlineCompletion.model" not in restricted
