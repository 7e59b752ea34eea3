"""Every setting has its type in Lua."""

from typing import Any

from tierwise.settings.annotations import annotations
from tierwise.settings.schema import schema


def fields(text: str) -> dict[str, dict[str, str]]:
    """Return the type of every field by class and name."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in text.splitlines():
        words = line.removeprefix("---@").split(" ")
        if line.startswith("---@class"):
            current = found.setdefault(words[1], {})
        elif line.startswith("---@field"):
            current[words[1]] = words[2]
    return found


def test_every_setting_is_a_field_and_every_type_a_class():
    made: dict[str, Any] = schema(editor=True)
    typed = fields(annotations(made))
    assert len(typed["tierwise.Settings"]) == len(made["properties"])
    for name, section in made["$defs"].items():
        assert len(typed[f"tierwise.settings.{name.removesuffix('Settings')}"]) == len(section["properties"])


def test_types_are_as_narrow_as_the_schema():
    typed = fields(annotations(schema(editor=True)))
    assert typed["tierwise.Settings"]["tiers?"] == "table<string,"
    assert typed["tierwise.Settings"]["rules?"] == "tierwise.settings.Rule[]"
    assert typed["tierwise.settings.Routing"]["mode?"] == "'rules'|'cascade'|'learned'"
    assert typed["tierwise.settings.Suggestion"]["candidates?"] == "integer"


def test_a_word_of_lua_itself_is_quoted():
    assert '["local"]?' in fields(annotations(schema(editor=True)))["tierwise.Settings"]
