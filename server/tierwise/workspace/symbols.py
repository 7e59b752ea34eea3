"""What a file defines: names, signatures and documentation, by its language's grammar."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierwise.core.text import Position

from .grammars import has_grammar
from .syntax import Source, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS = {
    "function_definition": "function",
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "function_signature": "function",
    "function_item": "function",
    "function_signature_item": "function",
    "method_definition": "method",
    "method_declaration": "method",
    "method_signature": "method",
    "abstract_method_signature": "method",
    "class_definition": "class",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "interface_declaration": "interface",
    "type_alias_declaration": "type",
    "type_spec": "type",
    "type_alias": "type",
    "type_item": "type",
    "enum_declaration": "enum",
    "enum_item": "enum",
    "struct_item": "struct",
    "union_item": "struct",
    "trait_item": "trait",
    "const_item": "constant",
    "static_item": "constant",
    "const_spec": "constant",
    "macro_definition": "macro",
    "mod_item": "module",
    "constructor_declaration": "method",
    "method": "method",
    "singleton_method": "method",
    "class": "class",
    "module": "module",
    "record_declaration": "class",
    "class_specifier": "class",
    "struct_specifier": "struct",
    "struct_declaration": "struct",
    "union_specifier": "struct",
    "enum_specifier": "enum",
    "annotation_type_declaration": "interface",
    "trait_declaration": "trait",
    "namespace_definition": "module",
    "namespace_declaration": "module",
    "type_definition": "type",
    "alias_declaration": "type",
    "property_declaration": "property",
    "delegate_declaration": "type",
    "const_element": "constant",
    "enum_constant": "constant",
    "preproc_def": "macro",
    "preproc_function_def": "macro",
    "internal_module": "module",
    "assignment": "variable",
    "variable_declarator": "variable",
    "var_spec": "variable",
}
"""Node types of all grammars that define a name, in words that readers know."""

_TYPES = {"class", "interface", "trait", "struct", "enum", "module"}

_PASSED_THROUGH = {
    "decorated_definition", "export_statement", "expression_statement", "ambient_declaration", "lexical_declaration",
    "variable_declaration", "type_declaration", "const_declaration", "var_declaration", "if_statement", "else_clause",
    "try_statement", "except_clause", "block", "statement_block", "declaration_list", "class_body", "interface_body",
    "object_type", "var_spec_list", "impl_item", "with_statement", "template_declaration", "linkage_specification",
    "preproc_ifdef", "preproc_if", "preproc_else", "body_statement", "enum_body_declarations", "field_declaration",
    "field_declaration_list", "declaration",
}  # fmt: skip
"""Node types that may hold definitions and define nothing themselves."""

_DECLARED = {"declaration", "field_declaration"}
"""Node types that C and C++ also declare functions with."""

_NAMED = ("identifier", "name", "constant", "word", "operator", "setter")

_COMMENTS = {"comment", "line_comment", "block_comment"}
_FUNCTIONS = {"arrow_function", "function_expression", "function", "lambda"}

_ONE_LINE = {"class", "module", "method", "singleton_method", "preproc_def", "preproc_function_def"}
"""Node types whose header ends with its line."""

LONGEST_SIGNATURE = 400
"""Characters; a reader needs no more, and a literal in a default may be a page."""

_QUOTES = re.compile(r"^[rRuUbBfF]*(\"\"\"|'''|\"|')")
_MARKS = re.compile(r"^[ \t]*(?:/\*\*?!?|\*/|\*(?!/)|///?!?|#)[ \t]?|[ \t]*\*/[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A definition: where its name stands, what it is, inside of what, and what is written about it."""

    name: str
    kind: str
    container: str
    position: Position
    signature: str
    doc: str


def symbols_in(text: str, language: str) -> tuple[Symbol, ...]:
    """Return what the text defines at its top level and in its types, in order; empty where there is no grammar."""
    if not has_grammar(language):
        return ()
    try:
        source = Source(text, language)
    except UnicodeEncodeError:
        return ()  # half a surrogate pair: no file holds it, but an editor may
    return tuple(_Reader(source).read(source.root, ""))


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, node: "Node", container: str) -> Iterator[Symbol]:
        """Yield the definitions below a node; nothing deeper than types and blocks is entered, so depth is bounded."""
        waiting = [(child, container) for child in reversed(node.named_children)]
        while waiting:
            node, container = waiting.pop()
            if node.type in _PASSED_THROUGH and not _declares(node):
                inside = self._implemented(node) or container
                waiting.extend((child, inside) for child in reversed(node.named_children))
                continue
            symbol = self._symbol(node, container) if node.type in _KINDS or _declares(node) else None
            if symbol is None:
                continue
            yield symbol
            body = node.child_by_field_name("body")
            if symbol.kind in _TYPES and body is not None:
                inside = f"{container}.{symbol.name}" if container else symbol.name
                waiting.extend((child, inside) for child in reversed(body.named_children))

    def _implemented(self, node: "Node") -> str:
        """Return the type that a Rust ``impl`` is for."""
        kind = node.child_by_field_name("type") if node.type == "impl_item" else None
        return self._source.text_of(kind) if kind is not None else ""

    def _symbol(self, node: "Node", container: str) -> Symbol | None:
        name = name_of(node) or node.child_by_field_name("left") or _first_name(node)
        if name is None or not name.type.endswith(_NAMED) or not _is_complete(node):
            return None
        kind = _KINDS.get(node.type, "function")
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if kind == "variable" and value is not None and value.type in _FUNCTIONS:
            kind = "function"
        receiver = node.child_by_field_name("receiver")
        if receiver is not None:
            container = self._source.text_of(receiver).strip("()* ").split()[-1].lstrip("*")
        written = self._source.text_of(name)
        if "::" in written:
            container, _, written = written.rpartition("::")
        return Symbol(
            name=written,
            kind="method" if kind == "function" and container else kind,
            container=container,
            position=self._source.position(name.start_byte),
            signature=self._signature(node, value),
            doc=self._doc(node),
        )

    def _signature(self, node: "Node", value: "Node | None") -> str:
        body = node.child_by_field_name("body")
        if body is None and value is not None and value.type in _FUNCTIONS:
            body = value.child_by_field_name("body")
        written = self._source.text_of(node)
        if body is not None:
            written = written.encode()[: body.start_byte - node.start_byte].decode()
        if node.type == "type_spec":
            written = "type " + written.split("{")[0]
        elif node.type in _ONE_LINE:
            written = written.split("\n")[0]
        joined = " ".join(written.split()).rstrip("{;:").removesuffix("=>").rstrip()
        joined = joined.replace("( ", "(").replace(", )", ")").replace(" )", ")")
        return joined if len(joined) <= LONGEST_SIGNATURE else joined[:LONGEST_SIGNATURE] + "…"

    def _doc(self, node: "Node") -> str:
        body = node.child_by_field_name("body")
        first = body.named_child(0) if body is not None and body.named_child_count else None
        if first is not None and first.type == "expression_statement" and first.named_child_count:
            string = first.named_child(0)
            if string and string.type == "string":
                return _unquoted(self._source.text_of(string))
        return self._comment_above(node)

    def _comment_above(self, node: "Node") -> str:
        while (outer := node.parent) is not None and outer.type in _PASSED_THROUGH:
            if not _is_first(node) and outer.type != "template_declaration":
                break
            node = outer
        lines: list[str] = []
        row, above = node.start_point.row, node.prev_named_sibling
        while above is not None and above.type in _COMMENTS | {"attribute_item"}:
            if above.end_point.row < row - 1 + (above.end_point.column == 0):
                break
            if above.type != "attribute_item":
                lines.append(self._source.text_of(above))
            row, above = above.start_point.row, above.prev_named_sibling
        return inspect.cleandoc(_MARKS.sub("", "\n".join(line.rstrip("\n") for line in reversed(lines))))


def _declares(node: "Node") -> bool:
    """Whether the node declares a function whose body is elsewhere, as C and C++ do."""
    declared = node.child_by_field_name("declarator") if node.type in _DECLARED else None
    while declared is not None and declared.type != "function_declarator":
        inner = declared.child_by_field_name("declarator")
        plain = declared.named_child(0) if declared.type == "reference_declarator" else None
        declared = inner or plain
    return declared is not None


def _is_complete(node: "Node") -> bool:
    """Whether the node is more than the mention of a type that is defined elsewhere."""
    return not node.type.endswith("_specifier") or node.child_by_field_name("body") is not None


def _first_name(node: "Node") -> "Node | None":
    """Return the name of a constant in PHP, which has no field of its own."""
    first = node.named_child(0) if node.type == "const_element" else None
    return first if first is not None and first.type == "name" else None


def _is_first(node: "Node") -> bool:
    return node.prev_named_sibling is None


def _unquoted(string: str) -> str:
    quotes = _QUOTES.match(string)
    if quotes is None:
        return ""
    return inspect.cleandoc(string[quotes.end() :].removesuffix(quotes[1]))
