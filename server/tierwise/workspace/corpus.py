"""All text the workspace predicts from: the index of its files, and the open ones as they are being typed.

The index is built by another process and arrives when it is ready; until then, and where there is none, the open files
speak alone. What changed since the index was built is masked in it and kept beside it as it is now, until a new index
replaces both: an answer never comes from text that is no longer there.
"""

import os
from collections.abc import Collection, Generator
from contextlib import contextmanager
from functools import lru_cache
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tierwise.core.text import Text
from tierwise.core.uri import path_in

from .index import Index
from .open_file import OpenFile
from .tokens import UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from .arrays import Int32s

OPEN_FILES = 16
"""Documents whose tokens are kept; more of them are tokenized anew when they are needed again."""

RECENT_TOKENS = 8_000
"""Tokens of other files that are searched beside the open one, the files touched last before others."""


class Corpus:
    """What is known now. ``arrive`` and ``change`` may be called from any thread and count from the next ``open``
    on; all else is for one thread.
    """

    def __init__(self, index: Index | None = None) -> None:
        self.index = index
        self.vocabulary = index.vocabulary if index else Vocabulary()
        self._files: dict[str, OpenFile] = {}
        self._changed: dict[str, OpenFile] = {}
        self._news: SimpleQueue[Index | tuple[str, OpenFile | None]] = SimpleQueue()
        self._newest = self.vocabulary

    def arrive(self, index: Index) -> None:
        """Take a new index in place of the old one and of all changes so far."""
        self._newest = index.vocabulary
        self._news.put(index)

    def change(self, path: str, text: str | None) -> None:
        """Take a file's new content on disk in place of what the index has; None for one that is gone."""
        file = None
        if text is not None:
            file = OpenFile(self._newest)
            file.follow(Text.of(text), 0, growth=RECENT_TOKENS, typing=False)
        self._news.put((path, file))

    def open(self, uri: str) -> "tuple[OpenFile, Int32s | None]":
        """Return the document's tokens, to be brought up to date by the caller, and those of other recent files."""
        self._take_news()
        path = path_of(uri)
        file = self._files.pop(path, None) or OpenFile(self.vocabulary)
        recent = self._recent(path)
        self._files[path] = file
        if len(self._files) > OPEN_FILES:
            del self._files[next(iter(self._files))]
        return file, recent

    def close(self, uri: str) -> None:
        """Forget a document's unsaved text: what is on disk counts again."""
        self._files.pop(path_of(uri), None)

    def knows(self, path: str) -> bool:
        """Return whether the file's text is known, from the index or from an editor."""
        return path in self._files or path in self._changed or (self.index is not None and path in self.index)

    def standing(self, name: str, before: Collection[str] = ()) -> list[tuple[str, int]]:
        """Return the files in which a word stands and how often, the most frequent first.

        With ``before``, only where one of these words, or a line's beginning, stands before it.
        """
        self._take_news()
        word = self.vocabulary.find(name)
        if word == UNKNOWN:
            return []
        openers = {self.vocabulary.find(word) for word in before} - {UNKNOWN}
        openers |= set(range(UNKNOWN)) if before else set()
        counts = self.index.standing(word, openers) if self.index else {}
        for path, file in (*self._changed.items(), *self._files.items()):
            counts[path] = file.standing(word, openers)
        return sorted(((path, count) for path, count in counts.items() if count), key=lambda pair: (-pair[1], pair[0]))

    @contextmanager
    def without(self, uri: str) -> Generator[Index | None]:
        """Lend the index with the document's own saved text left out: the open text stands for it."""
        if self.index is None:
            yield None
            return
        with self.index.without(path_of(uri)):
            yield self.index

    def _take_news(self) -> None:
        while not self._news.empty():
            news = self._news.get_nowait()
            if isinstance(news, Index):
                self.index, self.vocabulary = news, news.vocabulary
                self._files.clear()
                self._changed.clear()
                continue
            path, file = news
            self._changed.pop(path, None)
            if self.index:
                self.index.mask(path)
            if file is not None and file.vocabulary is self.vocabulary:
                self._changed[path] = file

    def _recent(self, path: str) -> "Int32s | None":
        """Return tokens of other open and changed files, those touched last nearest to the end."""
        import numpy as np

        parts: list[Int32s] = []
        left = RECENT_TOKENS
        for files in (self._files, self._changed):
            for other in reversed(files):
                if other == path or left <= 0:
                    continue
                part = files[other].tokens[:left]
                parts.append(part)
                left -= len(part)
        return np.concatenate(parts[::-1]) if parts else None


@lru_cache(1024)
def path_of(uri: str) -> str:
    """Return the file that a ``file:`` URI names, as the index knows it: links followed; anything else as it is."""
    if not uri.startswith("file:"):
        return uri
    path = path_in(uri)
    # Windows: file:///C:/x has the path /C:/x.
    return os.path.realpath(path[1:] if path[2:3] == ":" else path)
