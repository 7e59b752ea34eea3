"""The grammars there are, and trees made with them."""

from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from threading import local
from time import sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Parser, Tree

GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "javascriptreact": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "typescriptreact": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "java": ("tree_sitter_java", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "shellscript": ("tree_sitter_bash", "language"),
}
"""LSP language identifier to the grammar's module and function."""

_SUFFIXES = {
    ".py": "python",
    ".pyi": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascriptreact",
    ".ts": "typescript",
    ".mts": "typescript",
    ".tsx": "typescriptreact",
    ".go": "go",
    ".rs": "rust",
    ".json": "json",
    ".toml": "toml",
    ".c": "c",
    ".h": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".hpp": "cpp",
    ".java": "java",
    ".rb": "ruby",
    ".php": "php",
    ".cs": "csharp",
    ".kt": "kotlin",
    ".swift": "swift",
    ".lua": "lua",
    ".sh": "shellscript",
    ".sql": "sql",
    ".html": "html",
    ".css": "css",
    ".md": "markdown",
    ".yaml": "yaml",
    ".yml": "yaml",
}

_STRIDE = 16_384
"""Bytes the parser reads before it lets other threads run: it holds the interpreter's lock, about 3 ms for so many."""


def language_of(uri: str) -> str:
    """Return the language identifier that the file's ending suggests, or an empty string."""
    return _SUFFIXES.get(PurePosixPath(uri).suffix.lower(), "")


def has_grammar(language: str) -> bool:
    """Whether definitions can be found in the language."""
    return language in GRAMMARS


@cache
def keywords(language: str) -> frozenset[str]:
    """Return the words that are part of the grammar and so are poor names, if they can be names at all."""
    grammar = _grammar(language)
    kinds = range(grammar.node_kind_count)
    plain = (kind for kind in kinds if grammar.node_kind_is_visible(kind) and not grammar.node_kind_is_named(kind))
    return frozenset(word for kind in plain if (word := grammar.node_kind_for_id(kind)) and word.isidentifier())


def parse(data: bytes, language: str, old: "Tree | None" = None) -> "Tree":
    """Return the tree of a text in UTF-8; ``old`` is the tree it was before, told of the edits that lie between.

    With an old tree little is left to do, so the interpreter's lock is kept.
    """
    parser = _parser(language)
    if old is not None:
        return parser.parse(data, old)
    if len(data) <= _STRIDE:
        return parser.parse(data)

    def read(offset: int, _place: object) -> bytes:
        sleep(0)
        return data[offset : offset + _STRIDE]

    return parser.parse(read)


class _Parsers(local):
    """The parsers of one thread: while one reads, ``parse`` lets other threads run, and they must not use the same."""

    def __init__(self) -> None:
        self.by_language: dict[str, Parser] = {}


_parsers = _Parsers()


def _parser(language: str) -> "Parser":
    found = _parsers.by_language.get(language)
    if found is None:
        from tree_sitter import Parser

        found = _parsers.by_language[language] = Parser(_grammar(language))
    return found


@cache
def _grammar(language: str) -> "Language":
    from tree_sitter import Language

    module, function = GRAMMARS[language]
    grammar: object = getattr(import_module(module), function)()
    return Language(grammar)
