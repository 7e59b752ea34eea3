"""A document cut into units: definitions, the members of large ones, and what stands between them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.workspace.grammars import has_grammar
from tierwise.workspace.syntax import Source, defines, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

ASKED = "1"
"""The version of our questions; another one makes every unit new."""

WHOLE = 80
"""Lines of a class that is looked at as one; the members of a longer one are units of their own."""
LONGEST = 240
"""Lines of a unit; what is longer is cut there, so that a call stays far below the smallest windows of models."""

OTHER_CODE = frozenset({"kotlin", "swift", "lua", "sql"})
"""Languages of programs for which there is no grammar here: cut at blank lines."""

_LEADING = {"comment", "line_comment", "block_comment", "attribute_item"}
_SETTLED = {
    "import_statement", "import_from_statement", "future_import_statement", "import_declaration", "package_clause",
    "use_declaration", "extern_crate_declaration", "mod_item", "package_declaration", "using_directive",
    "preproc_include", "namespace_use_declaration", "php_tag",
}  # fmt: skip
"""Statements in which nothing can be wrong that a compiler does not say."""
_MEMBERS = {"class_body", "block", "declaration_list", "field_declaration_list", "body_statement", "enum_body"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Whole lines of a document, ``first`` to ``last`` (from 0, both included); ``name`` is empty between definitions.

    ``key`` is made of the language and the text alone: the same code has the same key on every branch and machine.
    """

    uri: str
    language: str
    name: str
    first: int
    last: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    first: int
    last: int
    settled: bool = False


def is_code(language: str) -> bool:
    """Whether documents of the language have units."""
    return has_grammar(language) or language in OTHER_CODE


def units_of(document: Document) -> tuple[Unit, ...]:
    """Return the document's units in order; none where the language is no programming language."""
    text = str(document.text)
    if has_grammar(document.language):
        try:
            source = Source(text, document.language)
        except UnicodeEncodeError:
            return ()  # half a surrogate pair: no file holds it, but an editor may
        pieces = list(_pieces(source, source.root.named_children, ""))
    elif document.language in OTHER_CODE:
        pieces = [_Piece("", 0, document.text.line_count - 1)]
    else:
        return ()
    lines = [line.rstrip("\r\n") for line in document.text.raw_lines()]
    return tuple(_unit(document, piece, lines) for whole in pieces for piece in _cut(whole, lines))


def _pieces(source: Source, nodes: "Sequence[Node]", container: str) -> Iterator[_Piece]:
    """Yield pieces that do not overlap: definitions with the comments right above, and runs of other statements."""
    run: list[Node] = []
    waiting: list[Node] = []
    after = -1
    for node in nodes:
        if node.start_point.row <= after:
            continue  # shares a line with what came before
        if node.type in _LEADING:
            beside = bool(run) and not waiting and node.start_point.row <= _last_row(run[-1])
            if waiting and node.start_point.row > _last_row(waiting[-1]) + 1:
                run, waiting = [*run, *waiting], []
            (run if beside else waiting).append(node)
            continue
        if waiting and node.start_point.row > _last_row(waiting[-1]) + 1:
            run, waiting = [*run, *waiting], []  # a blank line between: the comment is not about what follows
        name = _name(source, node)
        if not name:
            run += [*waiting, node]
            waiting = []
            continue
        if run:
            yield _statements(run, container)
            run = []
        piece = _Piece(_joined(container, name), (waiting or [node])[0].start_point.row, _last_row(node))
        waiting = []
        after = piece.last
        yield from _members(source, node, piece)
    if run or waiting:
        yield _statements([*run, *waiting], container)


def _members(source: Source, node: "Node", piece: _Piece) -> Iterator[_Piece]:
    """Yield a definition, or where it is a long type, its head and its members."""
    body = _definition(node).child_by_field_name("body")
    inner = [child for child in body.named_children if _name(source, child)] if body is not None else []
    if piece.last - piece.first < WHOLE or body is None or body.type not in _MEMBERS or not inner:
        yield piece
        return
    if "function" in _definition(node).type or "method" in _definition(node).type:
        yield piece
        return
    start = body.named_children[0].start_point.row
    if start > piece.first:
        yield _Piece(piece.name, piece.first, start - 1)
    yield from _pieces(source, body.named_children, piece.name)


def _statements(run: "Sequence[Node]", container: str) -> _Piece:
    settled = all(node.type in _SETTLED or node.type in _LEADING for node in run)
    return _Piece(container, run[0].start_point.row, _last_row(run[-1]), settled)


def _last_row(node: "Node") -> int:
    """Return the last line that the node has text in: some grammars end a comment at the start of the next line."""
    return node.end_point.row - (node.end_point.column == 0 and node.end_point.row > node.start_point.row)


def _definition(node: "Node") -> "Node":
    """Return what a decorator or an export stands before."""
    inner = node.child_by_field_name("definition") or node.child_by_field_name("declaration")
    return inner if inner is not None else node


def _name(source: Source, node: "Node") -> str:
    node = _definition(node)
    if node.type in _SETTLED:
        return ""
    name = node.child_by_field_name("name") or (name_of(node) if defines(node) else None)
    if name is None and node.type == "impl_item":
        name = node.child_by_field_name("type")
    return source.text_of(name) if name is not None else ""


def _joined(container: str, name: str) -> str:
    return f"{container}.{name}" if container else name


def _cut(piece: _Piece, lines: Sequence[str]) -> Iterator[_Piece]:
    """Yield the piece without blank lines at its ends, in parts of bounded length, each cut at a blank line if any."""
    first, last = piece.first, min(piece.last, len(lines) - 1)
    while first <= last:
        while first <= last and not lines[first].strip():
            first += 1
        stop = last
        if last - first >= LONGEST:
            blanks = (at for at in range(first + LONGEST - 1, first + LONGEST // 2, -1) if not lines[at].strip())
            stop = next(blanks, first + LONGEST - 1)
        end = stop
        while end >= first and not lines[end].strip():
            end -= 1
        if end >= first and not piece.settled:
            yield _Piece(piece.name, first, end)
        first = stop + 1


def _unit(document: Document, piece: _Piece, lines: Sequence[str]) -> Unit:
    text = "\n".join(lines[piece.first : piece.last + 1])
    content = f"{ASKED}\0{document.language}\0{text}".encode("utf-8", "surrogatepass")
    return Unit(
        uri=document.uri,
        language=document.language,
        name=piece.name,
        first=piece.first,
        last=piece.last,
        text=text,
        key=hashlib.sha256(content).hexdigest(),
    )
