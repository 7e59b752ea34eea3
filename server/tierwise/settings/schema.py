"""The JSON schema of our settings, and the command that writes everything that is generated from them.

``python -m tierwise.settings.schema --write`` in a checkout renews ``schema.json`` beside this file, for TOML files,
``docs/settings.md``, and the settings in the manifest of the extension for VS Code.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from .annotations import annotations
from .model import Settings
from .pool import PROVIDERS
from .reference import reference
from .routing import RULES
from .vscode import manifest

Node = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(*, editor: bool = False) -> Node:
    """Return the schema: with snake_case keys for TOML files, or with an editor's camelCase keys."""
    made: Node = Settings.model_json_schema(by_alias=editor)
    properties = made["properties"]
    properties["providers"]["default"] = {name: _short(provider) for name, provider in PROVIDERS.items()}
    properties["rules"]["default"] = [_short(rule) for rule in RULES]
    made = {"$schema": DIALECT, **_told(made)}
    made["title"] = "Tierwise settings"
    return made


def files(root: Path) -> dict[Path, str]:
    """Return what the generated files of a checkout must hold."""
    made = schema()
    extension = root / "vscode-extension/package.json"
    return {
        root / "server/tierwise/settings/schema.json": json.dumps(made, indent=2, ensure_ascii=False) + "\n",
        root / "docs/settings.md": reference(made),
        root / "clients/neovim/lua/tierwise/_meta/settings.lua": annotations(schema(editor=True)),
        extension: manifest(extension.read_text("utf-8"), schema(editor=True)),
    }


def main(arguments: list[str]) -> int:
    """Write the generated files, or print the schema."""
    if arguments == ["--write"]:
        root = Path(__file__).parents[3]
        if not (root / "pyproject.toml").is_file():
            sys.stderr.write("The generated files belong to a checkout; this is an installed package.\n")
            return 1
        for path, text in files(root).items():
            path.write_text(text, "utf-8", newline="\n")
    elif arguments:
        sys.stderr.write("usage: python -m tierwise.settings.schema [--write]\n")
        return 2
    else:
        sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
    return 0


def _short(section: BaseModel) -> Node:
    return section.model_dump(exclude_defaults=True, mode="json")


def _told(node: Any) -> Any:
    """Make a generated schema say what people need and nothing else: no null, titles in words, Markdown for editors."""
    if isinstance(node, list):
        return [_told(item) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    table = _without_null(cast("Node", node))
    told: Node = {key: value if key == "default" else _told(value) for key, value in table.items()}
    if isinstance(told.get("title"), str):
        told["title"] = _in_words(told["title"])
    if isinstance(told.get("description"), str):
        told["markdownDescription"] = told["description"]
        told["description"] = told["description"].replace("`", "")
    if "$ref" in told:
        told.pop("default", None)  # a table's default is made of its settings' defaults
    return told


def _without_null(node: Node) -> Node:
    """TOML has no null, and an editor's null means the same as leaving the setting out."""
    if "anyOf" not in node:
        return node
    (kept,) = [choice for choice in node["anyOf"] if choice != {"type": "null"}]
    outer = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
    return {**kept, **outer}


def _in_words(title: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in title.replace(" ", ""))
    return spaced.strip().capitalize()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
