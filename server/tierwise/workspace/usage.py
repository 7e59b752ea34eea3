"""Who defines a name and who uses it: the index says where a word stands, the grammar what it is there."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from .grammars import language_of
from .symbols import Symbol, symbols_in

DEFINING = (
    "def", "class", "function", "func", "fn", "interface", "type", "struct", "enum", "trait", "const", "let", "var",
    "static", "mod", "namespace", "async", "get", "set", "public", "private", "protected", "abstract", "readonly",
    ")", "*",
)  # fmt: skip
"""Words that stand before a name where it is defined, in the languages with a grammar; ``)`` ends Go's receivers."""

MOST_FILES = 6
"""Files parsed to find a definition; parsing one takes about 10 ms, the result is kept."""

KEPT = 256
"""Files whose symbols are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A symbol and the file that defines it."""

    path: str
    symbol: Symbol


class Words(Protocol):
    """Where words stand; ``Corpus`` is one."""

    def standing(self, name: str, before: Collection[str] = ()) -> list[tuple[str, int]]:
        """See ``Corpus.standing``."""
        ...

    def knows(self, path: str) -> bool:
        """See ``Corpus.knows``."""
        ...


class Usage:
    """Looks names up; ``read`` returns a file's text as it is now, or None where it may not be read."""

    def __init__(self, corpus: Words, read: Callable[[str], str | None]) -> None:
        self._corpus = corpus
        self._read = read
        self._kept: dict[str, tuple[int, tuple[Symbol, ...]]] = {}

    def definitions(self, name: str, near: str = "") -> list[Found]:
        """Return where the name is defined, those in the file ``near`` first."""
        paths = [path for path, _ in self._corpus.standing(name, DEFINING)]
        if near in paths or self._corpus.knows(near):
            paths = [near, *(path for path in paths if path != near)]
        found: list[Found] = []
        for path in paths[:MOST_FILES]:
            found += [Found(path=path, symbol=symbol) for symbol in self.symbols(path) if symbol.name == name]
        return found

    def users(self, name: str) -> list[tuple[str, int]]:
        """Return the files that say the name and how often, the most frequent first."""
        return self._corpus.standing(name)

    def symbols(self, path: str, text: str | None = None) -> Sequence[Symbol]:
        """Return what a file defines; parsed again only when its text is another."""
        text = self._read(path) if text is None else text
        if text is None:
            return ()
        key = hash(text)
        kept = self._kept.pop(path, None)
        if kept is None or kept[0] != key:
            kept = (key, symbols_in(text, language_of(path)))
        self._kept[path] = kept
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[1]
