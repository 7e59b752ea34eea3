"""The settings as types for lua-language-server, made from the schema: what a user of Neovim writes completes."""

import re
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

_HEAD = (
    "---@meta",
    "-- Types of the settings, generated from them: `python -m tierwise.settings.schema --write`.",
    "",
)
_KEYWORDS = frozenset({"end", "for", "function", "if", "in", "local", "not", "repeat", "return", "then", "until"})
_SIMPLE = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def annotations(schema: Node) -> str:
    """Return the file; the schema is the one with an editor's keys."""
    lines = [*_HEAD, *_class("tierwise.Settings", "Settings of Tierwise.", schema["properties"])]
    for name, section in schema["$defs"].items():
        about = section.get("markdownDescription", section.get("title", name))
        lines += ["", *_class(_name(name), about, section["properties"])]
    return "\n".join(lines) + "\n"


def _class(name: str, about: str, properties: Node) -> Iterator[str]:
    yield f"---{_line(about)}"
    yield f"---@class {name}"
    for key, node in properties.items():
        written = f'["{key}"]' if key in _KEYWORDS else key
        yield f"---@field {written}? {_type(node)} {_about(node)}".rstrip()


def _about(node: Node) -> str:
    default = node.get("default")
    plain = isinstance(default, (str, int, float)) and default != ""
    said = f" (default: {_literal(default)})" if plain else ""
    return _line(node.get("markdownDescription", "")) + said


def _type(node: Node) -> str:
    """Return the type of a node in LuaCATS."""
    if "$ref" in node:
        return _name(node["$ref"].rpartition("/")[2])
    if "enum" in node:
        return "|".join(f"'{choice}'" for choice in node["enum"])
    if node.get("type") == "array":
        inner = _type(node["items"])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if node.get("type") == "object":
        names = node.get("propertyNames", {})
        key = _type(names) if "enum" in names else "string"
        return f"table<{key}, {_type(node['additionalProperties'])}>"
    return _SIMPLE[node["type"]]


def _name(definition: str) -> str:
    return f"tierwise.settings.{definition.removesuffix('Settings')}"


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
