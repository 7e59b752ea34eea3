"""The workspace as the local tier knows it: one corpus for as long as a client stays, whatever the settings."""

import asyncio
import logging
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.garbage import loading_alone
from tierwise.core.uri import path_in
from tierwise.providers.local import Local
from tierwise.providers.local.conformal import Conformal
from tierwise.providers.local.predictor import Predictor
from tierwise.settings.paths import cache_dir
from tierwise.workspace.corpus import Corpus, path_of
from tierwise.workspace.documents import Change, Documents
from tierwise.workspace.hover import describe
from tierwise.workspace.ignore import Gate
from tierwise.workspace.upkeep import Upkeep
from tierwise.workspace.usage import Usage

log = logging.getLogger(__name__)

LOOK_UP = 1.0
"""Seconds that a look-up in the index may take; it takes less than a millisecond once the loop has its turn."""


class Workplace:
    """Index, open files and predictor of one client's workspace."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.corpus = Corpus()
        self.gate = Gate(roots)
        self.usage = Usage(_AtHome(self.corpus), self._read)
        self._documents: Documents | None = None
        self._upkeep = Upkeep(self.corpus, roots, cache_dir() / "index") if roots else None
        self._conformal = Conformal(self._upkeep.target.with_suffix(".precision.json") if self._upkeep else None)
        self.predictor = Predictor(self.corpus, conformal=self._conformal)

    def open(self) -> None:
        """Import and load what the first prediction needs, and begin to read the workspace; run it in a thread."""
        with loading_alone():
            self.predictor.warm()
        self._conformal.load()
        if self._upkeep is not None:
            self._upkeep.start()

    def provider(self, precision: float) -> Local:
        """Return the local tier's provider for one wish of precision, in [0, 1]."""
        return Local("local", self.predictor, precision, self.usage)

    async def describe(self, name: str, uri: str, root: str, gate: Gate | None = None) -> str:
        """Return what the workspace says of a name, as Markdown; files are parsed away from the event loop."""
        return await asyncio.to_thread(describe, self.usage, name, path_of(uri), root, gate)

    def touched(self, uri: str) -> None:
        """Take note that a file was made, changed, saved or deleted."""
        if self._upkeep is not None and uri.startswith("file:"):
            self._upkeep.touch(path_in(uri))

    def follow(self, documents: Documents) -> None:
        """Prefer the editor's documents to what is on disk."""
        self._documents = documents
        documents.listen(self._changed)

    def _read(self, path: str) -> str | None:
        """Return a file's text as the editor has it, or as it is on disk where it may be read."""
        document = self._documents.get(Path(path).as_uri()) if self._documents and Path(path).is_absolute() else None
        return str(document.text) if document else self.gate.read(Path(path))

    def _changed(self, old: Document | None, new: Document | None, change: Change | None) -> None:
        """Learn from what was typed; forget the unsaved text of a document that the editor closed."""
        if new is not None and change is not None and change.span is not None:
            self._conformal.look(new, change.span.start.behind(change.new_text))
        elif old is not None:
            self._conformal.forget(old.uri)
        if new is None and old is not None:
            self.corpus.close(old.uri)

    def close(self) -> None:
        """Stop reading, and keep what was learned; waits for a moment at the most."""
        self._conformal.save()
        if self._upkeep is not None:
            self._upkeep.stop(timeout=1.0)


class _AtHome:
    """The corpus for who looks names up in a thread: its words are looked up on the event loop, where it lives."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    def standing(self, name: str, before: Collection[str] = ()) -> list[tuple[str, int]]:
        """See ``Corpus.standing``."""
        if threading.get_ident() == self._thread:
            return self._corpus.standing(name, before)

        async def ask() -> list[tuple[str, int]]:
            return self._corpus.standing(name, before)

        asked = asyncio.run_coroutine_threadsafe(ask(), self._loop)
        try:
            return asked.result(LOOK_UP)
        except TimeoutError:  # the machine is busy; whoever asks has something else to say
            asked.cancel()
            log.info("a name was not looked up within %.0f s", LOOK_UP)
            return []

    def knows(self, path: str) -> bool:
        """See ``Corpus.knows``."""
        return self._corpus.knows(path)
