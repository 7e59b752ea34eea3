"""The workspace as the local tier knows it: one corpus for as long as a client stays, whatever the settings."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tierwise.core.document import Document
from tierwise.providers.local import Local
from tierwise.providers.local.predictor import Predictor
from tierwise.settings.paths import cache_dir
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.upkeep import Upkeep


class Workplace:
    """Index, open files and predictor of one client's workspace."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.corpus = Corpus()
        self.predictor = Predictor(self.corpus)
        self._upkeep = Upkeep(self.corpus, roots, cache_dir() / "index") if roots else None

    def open(self) -> None:
        """Import and load what the first prediction needs, and begin to read the workspace; run it in a thread."""
        self.predictor.warm()
        if self._upkeep is not None:
            self._upkeep.start()

    def provider(self, precision: float) -> Local:
        """Return the local tier's provider for one wish of precision, in [0, 1]."""
        return Local("local", self.predictor, precision)

    def touched(self, uri: str) -> None:
        """Take note that a file was made, changed, saved or deleted."""
        if self._upkeep is not None and uri.startswith("file:"):
            self._upkeep.touch(unquote(urlsplit(uri).path))

    def closed(self, old: Document | None, new: Document | None, change: object) -> None:
        """Forget the unsaved text of a document that the editor closed."""
        if new is None and old is not None:
            self.corpus.close(old.uri)

    def close(self) -> None:
        """Stop reading; waits for a moment at the most."""
        if self._upkeep is not None:
            self._upkeep.stop(timeout=1.0)
