"""The settings as VS Code's ``package.json`` declares them: one flat key each, made from the schema for editors.

Tables whose names the user chooses (tiers, providers, models, tasks) are one setting with an object, as is every list.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

from .model import UNTRUSTED

Node = dict[str, Any]

_SCOPES = ("languages", "folders")
"""Tables that VS Code has scopes of its own for: settings of a language, settings of a folder."""
_SCOPED = ("features",)
"""Tables whose settings may stand in those scopes."""

_DROPPED = ("title", "examples", "default", "description")


def manifest(present: str, schema: Node) -> str:
    """Return the manifest with its settings renewed.

    The first group of settings is the extension's own and stays; in a workspace that is not trusted, only what a
    project's own file may say is taken from it, and nothing of the first group.
    """
    made: Node = json.loads(present)
    contributes: Node = made["contributes"]
    own: Node = contributes["configuration"][0]
    groups = [_group(schema, name, node) for name, node in schema["properties"].items() if name not in _SCOPES]
    contributes["configuration"] = [own, *groups]
    kept_back = list(own["properties"])
    kept_back += [key for group in groups for key in group["properties"] if key.split(".")[1] not in UNTRUSTED]
    made["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = kept_back
    return json.dumps(_whole(made), indent=2, ensure_ascii=False) + "\n"


def _group(schema: Node, name: str, node: Node) -> Node:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return {"title": words.capitalize(), "properties": dict(_settings(schema, f"tierwise.{name}", node))}


def _settings(schema: Node, key: str, node: Node) -> Iterator[tuple[str, Node]]:
    """Yield every setting below a table, or the one that this is."""
    if "$ref" not in node:
        scope = "language-overridable" if key.split(".")[1] in _SCOPED else "window"
        yield key, _setting(schema, node, scope)
        return
    section = _section(schema, node)
    for name, inner in section["properties"].items():
        yield from _settings(schema, f"{key}.{name}", inner)


def _setting(schema: Node, node: Node, scope: str) -> Node:
    """Declare one setting; null means that it is left to whoever is weaker than the editor."""
    made = {**_inlined(schema, node), "markdownDescription": _meaning(node), "scope": scope}
    if made.pop("deprecated", False):  # the schema's own word for it, which VS Code does not know
        made["markdownDeprecationMessage"] = node["markdownDescription"]
    if node["type"] in ("object", "array"):
        return {**made, "default": {} if node["type"] == "object" else []}
    if "default" in node:
        return {**made, "default": node["default"]}
    made["type"] = [node["type"], "null"]
    if "enum" in node:
        made["enum"] = [*node["enum"], None]
    return {**made, "default": None}


def _inlined(schema: Node, node: Any) -> Any:
    """Put what a reference means in its place: VS Code resolves none."""
    if isinstance(node, list):
        return [_inlined(schema, item) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    table = cast("Node", node)
    if "$ref" in table:
        table = {**_section(schema, table), **{name: value for name, value in table.items() if name != "$ref"}}
    made: Node = {}
    for name, value in table.items():
        if name == "properties":
            made[name] = {inner: _inlined(schema, declared) for inner, declared in value.items()}
        elif name not in _DROPPED:
            made[name] = _inlined(schema, value)
    return made


def _section(schema: Node, node: Node) -> Node:
    section: Node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return section


def _meaning(node: Node) -> str:
    shown = f" Example: `{json.dumps(node['examples'][0], ensure_ascii=False)}`." if "examples" in node else ""
    return str(node["markdownDescription"]) + shown


def _whole(node: Any) -> Any:
    """Write 60.0 as 60, as npm would when it writes the file."""
    if isinstance(node, list):
        return [_whole(item) for item in cast("list[Any]", node)]
    if isinstance(node, dict):
        return {name: _whole(value) for name, value in cast("Node", node).items()}
    return int(node) if isinstance(node, float) and node.is_integer() else node
