"""The syntax of a file: which definition stands where, and whether it parses."""

import ast
import json
import tomllib
import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from tierwise.core.text import Position, Span, split_lines

from .grammars import has_grammar, parse

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_OWN_PARSERS = {"python": "ast", "json": "json", "toml": "tomllib"}

_DEFINITIONS = {
    "function_definition", "class_definition", "function_declaration", "generator_function_declaration",
    "class_declaration", "abstract_class_declaration", "interface_declaration", "type_alias_declaration",
    "enum_declaration", "method_definition", "method_declaration", "type_declaration", "function_item", "struct_item",
    "enum_item", "trait_item", "impl_item", "constructor_declaration", "record_declaration", "struct_declaration",
    "annotation_type_declaration", "trait_declaration", "property_declaration", "local_function_statement",
}  # fmt: skip
_RUBY = {"method", "singleton_method", "class", "module"}
"""Ruby's definitions; its keywords, and the root of a Python file, are of the same types but have no name."""

_WITH_A_BODY = {"struct_specifier", "union_specifier", "enum_specifier", "class_specifier"}
"""Definitions of C and C++, where they have a body: without it they name a type that is defined elsewhere."""

_WRAPPERS = {"decorated_definition", "export_statement", "template_declaration"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxFlaw:
    """A place where the text does not parse."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A function, class or the like.

    ``span`` is all of it, decorators included; ``header`` up to where its body begins; ``body`` where that is;
    ``doc`` the span of the documentation it has, if any.
    """

    name: str
    type: str
    span: Span
    header: str
    body: Span | None
    doc: Span | None


def known(language: str) -> bool:
    """Whether there is a parser for the language."""
    return has_grammar(language) or language in _OWN_PARSERS


def flaws(text: str, language: str) -> list[SyntaxFlaw]:
    """Return where the text does not parse: all places a grammar finds, or the first one of the own parser."""
    if language in _OWN_PARSERS:
        flaw = _own_flaw(text, language)
        return [flaw] if flaw else []
    if not has_grammar(language):
        return []
    source = Source(text, language)
    return [
        SyntaxFlaw(span=source.span(node), message="missing " + node.type if node.is_missing else "syntax error")
        for node in source.walk()
        if node.is_missing or node.type == "ERROR"
    ]


def definition_at(text: str, position: Position, language: str) -> Definition | None:
    """Return the innermost definition around the place, or None."""
    if not has_grammar(language):
        return None
    source = Source(text, language)
    node: Node | None = source.node_at(position)
    while node is not None and not defines(node):
        node = node.parent
    return source.definition(node) if node is not None else None


def names(text: str, language: str) -> Counter[str]:
    """Return how often each name is defined in a text of a language that has a grammar."""
    source = Source(text, language)
    found: Counter[str] = Counter()
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        name = name_of(node) if defines(node) else None
        if name is not None:
            found[source.text_of(name)] += 1
        waiting.extend(node.named_children)
    return found


def defines(node: "Node") -> bool:
    """Whether the node defines something with a name and a body."""
    if node.type in _WITH_A_BODY:
        return node.child_by_field_name("body") is not None
    if node.type in _RUBY:
        return node.child_by_field_name("name") is not None
    return node.type in _DEFINITIONS


def name_of(node: "Node") -> "Node | None":
    """Return the node of a definition's name: C and C++ have it inside the declarator."""
    name = node.child_by_field_name("name")
    if name is not None:
        return name
    inner = _declarator(node)
    while inner is not None:
        name, inner = inner, _declarator(inner)
    return name


def _declarator(node: "Node") -> "Node | None":
    """Return what a declaration or a declarator declares; a reference has it as a plain child."""
    return node.named_child(0) if node.type == "reference_declarator" else node.child_by_field_name("declarator")


class Source:
    """A parsed text, with places in code points instead of the grammar's bytes."""

    def __init__(self, text: str, language: str, tree: "Tree | None" = None) -> None:
        """``tree`` is what the text was parsed to already, if it was."""
        self.text = text
        self._bytes = text.encode()
        lines = split_lines(text)
        sizes = map(len, lines if text.isascii() else map(str.encode, lines))
        self._line_starts = list(accumulate(sizes, initial=0))[:-1]
        self.root = (tree or parse(self._bytes, language)).root_node

    def position(self, offset: int) -> Position:
        """Return the place of a byte offset."""
        line = bisect_right(self._line_starts, offset) - 1
        return Position(line, len(self._bytes[self._line_starts[line] : offset].decode(errors="ignore")))

    def offset(self, position: Position) -> int:
        """Return the byte offset of a place."""
        line = min(position.line, len(self._line_starts) - 1)
        stop = self._line_starts[line + 1] if line + 1 < len(self._line_starts) else len(self._bytes)
        start = self._line_starts[line]
        return start + len(self._bytes[start:stop].decode()[: position.column].encode())

    def span(self, node: "Node") -> Span:
        """Return the node's span."""
        return Span(self.position(node.start_byte), self.position(node.end_byte))

    def node_at(self, position: Position) -> "Node":
        """Return the smallest node at the place."""
        offset = self.offset(position)
        return self.root.descendant_for_byte_range(offset, offset) or self.root

    def node_before(self, offset: int) -> "Node":
        """Return the smallest node that holds the byte before an offset."""
        return self.root.descendant_for_byte_range(offset - 1, offset - 1) or self.root

    def node_around(self, offset: int) -> "Node":
        """Return the smallest node that holds the bytes on both sides of an offset."""
        return self.root.descendant_for_byte_range(max(0, offset - 1), offset + 1) or self.root

    def walk(self) -> Iterator["Node"]:
        """Yield every node that holds a flaw, from the top down."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node.has_error or node.is_missing:
                yield node
                waiting.extend(node.children)

    def definition(self, node: "Node") -> Definition:
        """Return what a definition's node says."""
        outer = node
        if node.parent is not None and node.parent.type in _WRAPPERS:
            outer = node.parent
        name, body = name_of(node), node.child_by_field_name("body")
        stop = body.start_byte if body is not None else node.end_byte
        return Definition(
            name=self.text_of(name) if name is not None else "",
            type=node.type,
            span=self.span(outer),
            header=self._bytes[node.start_byte : stop].decode(errors="replace").rstrip().removesuffix("{").rstrip(),
            body=self.span(body) if body is not None else None,
            doc=self._doc(outer, body),
        )

    def text_of(self, node: "Node") -> str:
        """Return the text a node stands for."""
        return self._bytes[node.start_byte : node.end_byte].decode(errors="replace")

    def _doc(self, outer: "Node", body: "Node | None") -> Span | None:
        first = body.named_child(0) if body is not None and body.named_child_count else None
        if first is not None and first.type == "expression_statement":
            strings = [child for child in first.named_children if child.type == "string"]
            return self.span(first) if strings else None
        before = outer.prev_sibling
        if before is None or before.type not in {"comment", "line_comment", "block_comment"}:
            return None
        start = before
        while (above := start.prev_sibling) is not None and above.type == before.type:
            if above.end_point.row + 1 < start.start_point.row:
                break
            start = above
        return Span(self.position(start.start_byte), self.position(before.end_byte))


def _own_flaw(text: str, language: str) -> SyntaxFlaw | None:
    try:
        if language == "python":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                ast.parse(text)
        elif language == "json":
            json.loads(text)
        else:
            tomllib.loads(text)
    except SyntaxError as error:
        return SyntaxFlaw(span=Span.at((error.lineno or 1) - 1, max((error.offset or 1) - 1, 0)), message=error.msg)
    except json.JSONDecodeError as error:
        return SyntaxFlaw(span=Span.at(error.lineno - 1, error.colno - 1), message=error.msg)
    except (tomllib.TOMLDecodeError, RecursionError, MemoryError, ValueError) as error:
        return SyntaxFlaw(span=Span.at(0, 0), message=str(error))
    return None
