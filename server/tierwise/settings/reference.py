"""The page that explains every setting, made from the schema."""

import json
from collections.abc import Iterator
from importlib.resources import files
from string import Template
from typing import Any, cast

from .environment import VARIABLES, VENDORS, Variable
from .model import UNTRUSTED
from .paths import CONFIG, DATA_DIR

Node = dict[str, Any]

_NAMED = {
    "own_actions": "NAME",
    "tiers": "NAME",
    "providers": "NAME",
    "models": '"PROVIDER/MODEL"',
    "features": "FEATURE",
    "languages": "LANGUAGE",
    "folders": '"/PATH"',
    "tasks": "KIND",
}
_HEAD = ("| setting | value | default | what it is for |", "|---|---|---|---|")


def reference(schema: Node) -> str:
    """Return the page as Markdown."""
    page = Template(files("tierwise.settings").joinpath("reference.md").read_text("utf-8"))
    return page.substitute(
        untrusted=", ".join(f"`{name}`" for name in UNTRUSTED),
        tables="\n".join(_tables(schema)).rstrip(),
        variables="\n".join(_variables()),
    )


def _tables(schema: Node) -> Iterator[str]:
    described: dict[str, str] = {}
    for name, node in schema["properties"].items():
        yield from (f"### {name}", "", node["markdownDescription"], "")
        yield from _table(schema, name, node, described)
        if node.get("default"):
            yield from ("Built in:", "", "```toml", *_written(name, node["default"]), "```", "")


def _table(schema: Node, path: str, node: Node, described: dict[str, str]) -> Iterator[str]:
    """Describe a table of settings and the tables in it; ``described`` are the headers of tables by what they hold."""
    section = _section(schema, node)
    header = f"[{path}]"
    if node.get("type") == "array":
        header = f"[[{path}]]"
    elif "additionalProperties" in node:
        path = f"{path}.{_named(path)}"
        header = f"[{path}]"
    elif all("$ref" in inner for inner in section["properties"].values()):
        inner = _section(schema, next(iter(section["properties"].values())))
        yield from _choices(section) if inner["title"] not in described else ()
        path, section = f"{path}.{_named(path)}", inner
        header = f"[{path}]"
    yield from (f"#### `{header}`", "")
    before = described.setdefault(section["title"], header)
    if before != header:
        yield from (f"{_meaning(node)} It holds what [`{before}`](#{_anchor(before)}) holds.", "")
        return
    nested: list[tuple[str, Node]] = []
    rows: list[str] = []
    for name, inner in section["properties"].items():
        if _is_table(inner):
            nested.append((f"{path}.{name}", inner))
        else:
            rows.append(f"| `{name}` | {_value(inner)} | {_default(inner)} | {_meaning(inner)} |")
    yield from (*_HEAD, *rows, "") if rows else (section["markdownDescription"], "")
    for inner_path, inner in nested:
        if "items" in inner:
            yield from (inner["markdownDescription"], "")
        yield from _table(schema, inner_path, inner, described)


def _is_table(node: Node) -> bool:
    inner = node.get("additionalProperties") or node.get("items") or node
    return isinstance(inner, dict) and "$ref" in inner


def _named(path: str) -> str:
    """Return what stands for the name that the user chooses in a table."""
    return _NAMED[path.rpartition(".")[2]]


def _anchor(header: str) -> str:
    """Return the part of an address that leads to a heading, as GitHub makes it."""
    return "".join(letter.lower() for letter in header if letter.isalnum() or letter in "_-")


def _choices(section: Node) -> Iterator[str]:
    yield from ("| name | what it is |", "|---|---|")
    yield from (f"| `{name}` | {inner['markdownDescription']} |" for name, inner in section["properties"].items())
    yield ""


def _section(schema: Node, node: Node) -> Node:
    inner = node.get("additionalProperties") or node.get("items") or node
    section: Node = schema["$defs"][inner["$ref"].rsplit("/", 1)[1]]
    return section


def _value(node: Node) -> str:
    if "enum" in node:
        return " \\| ".join(f"`{choice}`" for choice in node["enum"])
    match node["type"]:
        case "array":
            items = node["items"]
            return f"list of any of {_value(items)}" if "enum" in items else f"list of {_value(items)}s"
        case "boolean":
            return "true or false"
        case "integer" | "number":
            return f"{'whole number' if node['type'] == 'integer' else 'number'}{_bounds(node)}"
        case "object":
            return f"table of {_several(node['additionalProperties'])}"
        case other:
            return str(other)


def _several(node: Node) -> str:
    if node.get("type") == "object":
        return f"tables of {_several(node['additionalProperties'])}"
    word, comma, bounds = _value(node).partition(",")
    return f"{word}s{comma}{bounds}"


def _bounds(node: Node) -> str:
    words = {"minimum": "at least", "exclusiveMinimum": "over", "maximum": "at most"}
    said = [f"{word} {node[bound]:g}" for bound, word in words.items() if bound in node]
    return ", " + ", ".join(said) if said else ""


def _default(node: Node) -> str:
    default = node.get("default")
    if default is None or default in ("", [], {}):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _meaning(node: Node) -> str:
    shown = f" Example: `{_toml(node['examples'][0])}`." if "examples" in node else ""
    return str(node["markdownDescription"]) + shown


def _written(name: str, default: Node | list[Node]) -> Iterator[str]:
    """Write a default as a user would."""
    tables = default.items() if isinstance(default, dict) else [("", table) for table in default]
    for number, (inner, table) in enumerate(tables):
        if number:
            yield ""
        yield f"[{name}.{inner}]" if inner else f"[[{name}]]"
        yield from (f"{key} = {_toml(value)}" for key, value in table.items())


def _toml(value: Any) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_toml, cast('list[Any]', value)))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in cast('Node', value).items())} }}"
        case _:
            return json.dumps(value)


def _variables() -> Iterator[str]:
    yield from ("| variable | what it sets |", "|---|---|")
    yield f"| `{CONFIG}` | where your settings file is |"
    yield f"| `{DATA_DIR}` | one directory for ledger, log and cache |"
    yield from (f"| `{variable.name}` | {_sets(variable)} |" for variable in VARIABLES)
    yield from (
        f"| `{variable.name}` | {_sets(variable)}; weaker than every file, as it is the vendor's own |"
        for variable in VENDORS
    )


def _sets(variable: Variable) -> str:
    return f"`{variable.key}`{', separated by commas' if variable.listed else ''}"
