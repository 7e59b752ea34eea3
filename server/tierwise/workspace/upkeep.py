"""Keeps the index as the files are: loaded if one was saved, brought up to date, built anew when too much has changed.

Everything here happens in a thread that mostly waits, and the building in a process of its own.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from queue import SimpleQueue

from .build import MOST_TOKENS, read_stamped
from .corpus import Corpus
from .ignore import IGNORE_FILES, Gate
from .index import Index
from .saved import MAGIC, Stamp, UnusableError, load

log = logging.getLogger(__name__)

REBUILD_AT = 200
"""Changed files from which on a new index is built: searching beside it stays below a tenth of a millisecond."""


class Upkeep:
    """Feeds a corpus from the files below some roots; ``folder`` is where indexes are saved."""

    def __init__(self, corpus: Corpus, roots: Sequence[Path], folder: Path, most_tokens: int = MOST_TOKENS) -> None:
        self._corpus = corpus
        self._gate = Gate(roots)
        self._most_tokens = most_tokens
        name = blake2b("\n".join(sorted(map(str, self._gate.roots))).encode() + MAGIC, digest_size=12).hexdigest()
        self.target = folder / f"{name}.index"
        """The file that the index is saved in; its name is the workspace's."""
        self._touched: SimpleQueue[str | None] = SimpleQueue()
        self._changed: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="workspace-index", daemon=True)
        self._process: subprocess.Popen[str] | None = None
        self._stopping = False
        self.settled = threading.Event()
        """Set while nothing is waiting to be read or built."""

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def touch(self, path: str) -> None:
        """Note that a file was made, changed or deleted."""
        self.settled.clear()
        self._touched.put(path)

    def stop(self, timeout: float = 5.0) -> None:
        """End the thread and a building process; waits up to ``timeout`` seconds."""
        self._stopping = True
        self._touched.put(None)
        if self._process is not None:
            self._process.terminate()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        if not self._load():
            self._build()
        while not self._stopping:
            if self._touched.empty():
                self.settled.set()
            path = self._touched.get()
            if path is None:
                return
            self._take(path)
            if len(self._changed) >= REBUILD_AT and self._touched.empty():
                self._build()

    def _take(self, path: str) -> None:
        if Path(path).name in IGNORE_FILES:
            self._gate.forget()
            self._build()
            return
        self._changed.add(path)
        read = read_stamped(self._gate, Path(path)) if self._gate.admits(Path(path)) else None
        self._corpus.change(path, read[0] if read else None)

    def _load(self) -> bool:
        """Take in the saved index; return whether there was one that could be used."""
        try:
            content, stamps = load(self.target)
        except UnusableError as error:
            log.info("index of %s is built anew: %s", self._names(), error)
            return False
        changes = dict(find_changes(self._gate, stamps))
        if len(changes) >= REBUILD_AT:
            log.info("index of %s is built anew: %d files changed", self._names(), len(changes))
            return False
        index = Index(content)
        for path in changes:
            index.mask(path)
        self._changed = set(changes)
        self._corpus.arrive(index)
        for path, text in changes.items():
            if text is not None:
                self._corpus.change(path, text)
        log.info(
            "index of %s loaded: %d tokens, %d files changed since", self._names(), len(content.tokens), len(changes)
        )
        return True

    def _build(self) -> None:
        arguments = [str(self.target), str(self._most_tokens), *map(str, self._gate.roots)]
        command = [sys.executable, "-m", "tierwise.workspace.build", *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
            self._process = process
            told, _ = process.communicate()
        self._process = None
        if self._stopping:
            return
        said: dict[str, object] = json.loads(told) if told.strip() else {"error": f"exit code {process.returncode}"}
        if "error" in said:
            log.warning("no index of %s, predicting from open files only: %s", self._names(), said["error"])
            return
        log.info(
            "index of %s built: %s tokens of %s files in %s s",
            self._names(),
            *(said[k] for k in ("tokens", "files", "seconds")),
        )
        # What changed while it was built is found like what changed since the last start.
        self._load()

    def _names(self) -> str:
        return ", ".join(map(str, self._gate.roots))


def find_changes(gate: Gate, stamps: Mapping[str, Stamp]) -> Iterable[tuple[str, str | None]]:
    """Yield each file that is not as its stamp says with its text now: None for one that is gone or not to be read.

    A file whose size and time are as they were is taken for unchanged; of the others the content's digest decides.
    """
    gone = set(stamps)
    for path, facts in gate.files():
        name = str(path)
        gone.discard(name)
        stamp = stamps.get(name)
        if stamp and (stamp.size, stamp.mtime_ns) == (facts.st_size, facts.st_mtime_ns):
            continue
        read = read_stamped(gate, path)
        if read is None:
            if stamp and stamp.digest:
                yield name, None
        elif stamp is None or read[1].digest != stamp.digest:
            yield name, read[0]
    for name in gone:
        if stamps[name].digest:
            yield name, None
