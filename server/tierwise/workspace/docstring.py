"""The documentation a definition lacks, as far as its signature tells: a skeleton in the file's own style.

Nothing is invented: what stands in it is the name in words, the parameters, the result's type and the errors raised.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierwise.core.text import Position

from . import docstyles
from .docstyles import Facts, Parameter
from .grammars import has_grammar
from .syntax import Source, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = {
    "function_definition", "function_declaration", "generator_function_declaration", "method_definition",
    "method_declaration", "function_item", "function_signature_item", "method_signature", "abstract_method_signature",
    "function_signature", "constructor_declaration", "method", "singleton_method", "local_function_statement",
}  # fmt: skip
_TYPES = {
    "class_definition", "class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration",
    "type_alias_declaration", "struct_item", "enum_item", "trait_item", "type_declaration",
    "record_declaration", "struct_declaration", "trait_declaration", "class_specifier", "struct_specifier", "class",
    "module",
}  # fmt: skip
_INNER = _FUNCTIONS | _TYPES | {"arrow_function", "function_expression", "lambda", "closure_expression", "func_literal"}

_OUTER = {"decorated_definition", "export_statement", "template_declaration"}
_DECLARATORS = {"c", "cpp"}
"""Languages that have names and parameters inside of declarators."""

_STYLES = (
    ("numpy", re.compile(r"^[ \t]*Parameters\n[ \t]*-{3,}[ \t]*$|^[ \t]*Returns\n[ \t]*-{3,}[ \t]*$", re.MULTILINE)),
    ("sphinx", re.compile(r"^[ \t]*:(?:param|returns?|rtype|raises)\b", re.MULTILINE)),
    ("google", re.compile(r"^[ \t]*(?:Args|Arguments|Returns|Raises|Yields):[ \t]*$", re.MULTILINE)),
)
_USUAL = {
    "python": "google", "go": "go", "rust": "rust", "java": "javadoc", "c": "javadoc", "cpp": "javadoc",
    "php": "javadoc", "csharp": "xml", "ruby": "yard", "shellscript": "plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """Documentation to insert at ``position``: whole lines, indented and with their comment marks."""

    position: Position
    text: str
    style: str


def style_of(text: str, language: str) -> str:
    """Return the style of documentation the file uses (numpy, sphinx, google), or its language's usual one."""
    if language == "python":
        return next((name for name, found in _STYLES if found.search(text)), "google")
    return _USUAL.get(language, "jsdoc")


def skeleton(text: str, position: Position, language: str, style: str = "") -> Skeleton | None:
    """Return documentation for the definition around the place; None where there is none or it is documented."""
    if not has_grammar(language):
        return None
    try:
        source = Source(text, language)
    except UnicodeEncodeError:
        return None
    node: Node | None = source.node_at(position)
    while node is not None and node.type not in _FUNCTIONS | _TYPES:
        node = node.parent
    if node is None or source.definition(node).doc is not None:
        return None
    body = node.child_by_field_name("body")
    if language == "python" and (body is None or body.start_point.row == node.start_point.row):
        return None  # ``def f(): ...`` has no line to put it on
    facts = _facts(source, node, language)
    if not facts.name:
        return None
    style = style or style_of(text, language)
    lines = docstyles.write(facts, style)
    place, indent = _place(source, node, language)
    ending = "\r\n" if "\r\n" in text else "\n"
    return Skeleton(position=place, text="".join((indent + line).rstrip() + ending for line in lines), style=style)


def _place(source: Source, node: "Node", language: str) -> tuple[Position, str]:
    """Return the beginning of the line to insert at, and its indentation: Python's is inside, all others' above."""
    body = node.child_by_field_name("body")
    outer = node.parent if node.parent is not None and node.parent.type in _OUTER else node
    first = body if language == "python" and body is not None else outer
    place = source.position(first.start_byte)
    line = source.text.split("\n")[place.line]
    return Position(place.line, 0), line[: len(line) - len(line.lstrip())]


def _facts(source: Source, node: "Node", language: str) -> Facts:
    name = name_of(node)
    if name is None and node.type == "type_declaration" and node.named_child_count:
        name = node.named_children[0].child_by_field_name("name")
    fields = ("return_type", "result", "returns", "type")
    returned = next((found for field in fields if (found := node.child_by_field_name(field)) is not None), None)
    result = source.text_of(returned).lstrip(":-> ").strip("\"' ") if returned is not None else ""
    body = node.child_by_field_name("body")
    inside = list(_inside(body)) if body is not None else []
    yields = any(one.type in {"yield", "yield_expression"} for one in inside)
    if not result and (yields or any(one.type == "return_statement" and one.named_child_count for one in inside)):
        result = "?"
    return Facts(
        name=source.text_of(name) if name is not None else "",
        is_type=node.type in _TYPES,
        parameters=tuple(_parameters(source, node, language)),
        result="" if result in {"None", "void", "()", "Promise<void>"} else result,
        yields=yields,
        raises=tuple(dict.fromkeys(_raised(source, inside))),
    )


def _parameters(source: Source, node: "Node", language: str) -> Iterator[Parameter]:
    listed = node.child_by_field_name("parameters")
    inner = node.child_by_field_name("declarator")
    while listed is None and inner is not None:
        listed, inner = inner.child_by_field_name("parameters"), inner.child_by_field_name("declarator")
    for child in listed.named_children if listed is not None else ():
        if child.type in {"comment", "keyword_separator", "positional_separator", "self_parameter", "attribute_item"}:
            continue
        kind = child.child_by_field_name("type")
        kind_text = source.text_of(kind).lstrip(": ") if kind is not None else ""
        names = child.children_by_field_name("name") if language == "go" else []
        written = source.text_of(child)
        if not names:
            named = name_of(child) or child.child_by_field_name("pattern")
            if named is None and language in _DECLARATORS:
                continue  # ``(void)``, or a type alone
            written = source.text_of(named) if named is not None else re.split(r"[:=?]", written)[0].strip()
        for one in names or [None]:
            said = source.text_of(one) if one is not None else written
            if said.lstrip("*.&") not in {"self", "cls", "this", ""} and re.match(r"[*.&$]*\w+$", said):
                yield Parameter(said, kind_text)


def _inside(body: "Node") -> Iterator["Node"]:
    """Yield the nodes of a body without those of functions and types inside of it."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in reversed(node.named_children) if child.type not in _INNER)


def _raised(source: Source, inside: "list[Node]") -> Iterator[str]:
    for node in inside:
        if node.type in {"raise_statement", "throw_statement", "throw_expression"} and node.named_child_count:
            named = re.match(r"(?:new\s+)?([A-Za-z_][\w.]*)\s*(?:\(|$)", source.text_of(node.named_children[0]))
            if named and named[1].rsplit(".", 1)[-1][0].isupper():
                yield named[1]
