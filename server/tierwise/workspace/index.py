"""The workspace's tokens, sorted by what stands before them, with the files that are out of date left out."""

from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .contexts import Ranges, sort_contexts
from .numbering import number_texts
from .tokens import FIRST_WORD, Vocabulary

if TYPE_CHECKING:
    from .arrays import Int32s


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What is saved: ``tokens`` of all files in a row, the ``order`` of their places by context, and where in the order
    each word's places begin (``firsts``), where in the row each file begins (``starts``), and the sorted ``words``.
    """

    tokens: "Int32s"
    order: "Int32s"
    firsts: "Int32s"
    starts: "Int32s"
    words: list[str]
    paths: tuple[str, ...]


def sort_texts(paths: Sequence[str], texts: Iterable[str]) -> Sorted:
    """Return the texts numbered and sorted; ``texts`` is read once, one at a time."""
    import numpy as np

    row = number_texts(texts)
    words = row.tokens >> 1
    order = sort_contexts(words)
    counts = np.bincount(words, minlength=FIRST_WORD + len(row.words))
    firsts = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))).astype(np.int32)
    return Sorted(tokens=row.tokens, order=order, firsts=firsts, starts=row.starts, words=row.words, paths=tuple(paths))


class Index:
    """Sorted files to look contexts up in; files that changed since are masked, never forgotten half."""

    def __init__(self, content: Sorted, vocabulary: Vocabulary | None = None) -> None:
        import numpy as np

        self.tokens, self.order = content.tokens, content.order
        self.vocabulary = vocabulary or Vocabulary(content.words)
        self.alive = np.ones(len(content.tokens) + 1, bool)
        self.alive[-1:] = False
        self._firsts, self._starts = content.firsts, content.starts
        self._ranges = Ranges(content.tokens.data, content.order.data, content.firsts.data)
        ends = np.append(content.starts, len(content.tokens))[1:].tolist()
        self._files = dict(zip(content.paths, zip(content.starts.tolist(), ends, strict=True), strict=True))

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def mask(self, path: str) -> None:
        """Leave a file's tokens out of every answer from now on."""
        if path in self._files:
            start, end = self._files[path]
            self.alive[start:end] = False

    @contextmanager
    def without(self, path: str) -> Generator[None]:
        """Leave a file's tokens out of the answers given meanwhile."""
        start, end = self._files.get(path, (0, 0))
        kept = self.alive[start:end].copy()
        self.alive[start:end] = False
        try:
            yield
        finally:
            self.alive[start:end] = kept

    def standing(self, word: int, before: Collection[int] = ()) -> dict[str, int]:
        """Return how often a word stands in each file, after one of the words ``before`` where any are given."""
        import numpy as np

        if word + 1 >= len(self._firsts):
            return {}
        places = self.order[self._firsts[word] : self._firsts[word + 1]]
        places = places[self.alive[places]]
        if before:
            places = places[np.isin(self.tokens[places - 1] >> 1, list(before))]
        files = np.searchsorted(self._starts, places, side="right") - 1
        numbers, counts = np.unique(files, return_counts=True)
        paths = list(self._files)
        return {paths[number]: count for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)}

    def find(self, context: Sequence[int]) -> list[tuple[int, int]]:
        """Return the slots of ``order`` whose places end like the last 1, 2, ... words of ``context``."""
        return self._ranges.find(context)
