"""Where a name stands in a file, as the grammar sees it: not in comments, not in strings."""

from tierwise.core.text import Position, Span

from .grammars import has_grammar
from .syntax import Source

_NAMES = {
    "identifier", "property_identifier", "shorthand_property_identifier", "type_identifier", "field_identifier",
    "namespace_identifier", "constant", "name", "variable_name",
}  # fmt: skip

_SCOPES = {
    "function_definition", "function_declaration", "method_definition", "method_declaration", "function_item",
    "arrow_function", "function_expression", "func_literal", "lambda", "closure_expression",
    "generator_function_declaration", "constructor_declaration", "local_function_statement", "method",
    "singleton_method", "lambda_expression",
}  # fmt: skip

_BINDING = {
    "assignment", "parameters", "parameter_list", "formal_parameters", "for_statement", "variable_declarator",
    "short_var_declaration", "let_declaration", "named_expression", "for_in_clause", "as_pattern", "typed_parameter",
    "default_parameter", "typed_default_parameter", "required_parameter", "parameter_declaration", "parameter",
    "var_spec", "with_item", "pattern_list", "range_clause", "expression_list", "as_pattern_target",
    "formal_parameter", "method_parameters", "optional_parameter", "init_declarator", "pointer_declarator",
    "reference_declarator", "array_declarator", "declaration", "simple_parameter",
}  # fmt: skip
"""Nodes that directly hold the name they bind."""


def occurrences(text: str, language: str, name: str, within: Span | None = None) -> list[Span]:
    """Return the places of the identifier, in order; empty where there is no grammar."""
    if not has_grammar(language) or name not in text:
        return []
    source = Source(text, language)
    found: list[Span] = []
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        if node.type in _NAMES and source.text_of(node) == name:
            span = source.span(node)
            if within is None or (within.start <= span.start and span.end <= within.end):
                found.append(span)
        waiting.extend(node.children)
    return sorted(found, key=lambda span: span.start)


def scope_of(text: str, language: str, place: Position) -> Span | None:
    """Return the function that binds the name at the place as its own variable; None where it is known outside."""
    if not has_grammar(language):
        return None
    source = Source(text, language)
    node = source.node_at(place)
    name = source.text_of(node)
    if node.type != "identifier":
        return None
    while node.parent is not None:
        node = node.parent
        own = node.child_by_field_name("name")
        if node.type not in _SCOPES or (own is not None and source.text_of(own) == name):
            continue
        span = source.span(node)
        for occurrence in occurrences(text, language, name, span):
            holder = source.node_at(occurrence.start).parent
            if holder is not None and holder.type in _BINDING:
                return span
    return None
