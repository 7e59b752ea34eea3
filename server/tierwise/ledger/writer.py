"""The one thread that writes: it batches what comes while a commit runs and keeps what cannot be written yet."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from sqlite3 import Connection
from threading import Thread
from time import monotonic

from .file import LedgerError, connect, describe, is_busy, is_corrupt, set_aside

Write = Callable[[Connection], None]
"""Puts one thing into the database, inside a transaction; run again where the transaction failed."""

BACKLOG = 10_000
"""Writes kept in memory while the file cannot be written, about 2 kB each; past it the oldest are lost, and said so."""

LOCKED_SECONDS = 1.0
"""How long others may hold the file before the user is told."""

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 30.0
"""Seconds between two tries at a file that cannot be written; doubled each time."""

CHECKPOINT_EVERY = 200
"""Commits, of a few pages each, after which the write-ahead log goes back into the file: about a thousand pages."""

_BAD_VALUES = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, OverflowError, ValueError)
"""What one row's values can bring about, and trying again cannot help."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Item:
    write: Write
    done: asyncio.Future[None] | None


class Writer:
    """Owns the connection. Everything but the public methods runs in its thread."""

    def __init__(self, path: Path) -> None:
        self.problem: str | None = None
        """Why nothing can be written at present and what to do about it, or None."""
        self._path = path
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._pending: list[_Item] = []
        self._connection: Connection | None = None
        self._inode = 0
        self._failing_since: float | None = None
        self._pause = FIRST_PAUSE
        self._unchecked = CHECKPOINT_EVERY  # an earlier process may have been killed before its own checkpoint
        self._stop_by: float | None = None
        self._thread = Thread(target=self._run, name="tierwise-ledger", daemon=True)
        self._thread.start()

    def put(self, write: Write, done: asyncio.Future[None] | None = None) -> None:
        """Queue a write; ``done`` is resolved when it is committed, or when it is clear that it must wait."""
        self._queue.put(_Item(write, done))

    def stop(self, seconds: float) -> None:
        """Write what waits, trying for so many seconds, close the file and end the thread."""
        self._stop_by = monotonic() + seconds
        self._queue.put(None)

    def join(self, seconds: float) -> None:
        """Wait until the thread has ended, or so many seconds."""
        self._thread.join(seconds)

    def _run(self) -> None:
        self._flush()
        while not self._finished():
            self._collect()
            self._flush()
            if self._unchecked >= CHECKPOINT_EVERY and self._queue.empty():
                self._checkpoint()
        if self._pending:
            _log.error("%d entries of the ledger are lost: %s", len(self._pending), self.problem)
            self._release(self._pending)
        self._disconnect()

    def _finished(self) -> bool:
        if self._stop_by is None or not self._queue.empty():
            return False
        return not self._pending or monotonic() >= self._stop_by

    def _collect(self) -> None:
        """Wait for something to write, or for the next try where something waits already; take all there is."""
        with suppress(Empty):
            item = self._queue.get(timeout=self._time_to_retry())
            while True:
                if item is not None:
                    self._pending.append(item)
                item = self._queue.get_nowait()

    def _time_to_retry(self) -> float | None:
        if self._failing_since is None:
            return None
        if self._stop_by is None:
            return self._pause
        return max(0.0, min(self._pause, self._stop_by - monotonic()))

    def _flush(self) -> None:
        count = len(self._pending)
        try:
            try:
                self._commit(self._pending)
                self._release(self._pending)
                self._pending = []
            except _BAD_VALUES:
                self._sift()
        except (sqlite3.Error, OSError, LedgerError) as error:
            self._postpone(error)
        else:
            self._recover(count)

    def _commit(self, batch: list[_Item]) -> None:
        connection = self._connected()
        if not batch:
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            for item in batch:
                item.write(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._unchecked += 1

    def _connected(self) -> Connection:
        """Return the open connection; opened anew where the file under it was moved away."""
        if self._connection is not None and not self._moved():
            return self._connection
        self._disconnect()
        self._connection = connect(self._path)
        self._inode = self._path.stat().st_ino
        return self._connection

    def _moved(self) -> bool:
        try:
            return self._path.stat().st_ino != self._inode
        except FileNotFoundError:
            return True

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):  # a damaged or full file has been told of already
                self._connection.close()
            self._connection = None

    def _sift(self) -> None:
        """Write what waits one by one, leaving out what can never be written."""
        while self._pending:
            try:
                self._commit(self._pending[:1])
            except _BAD_VALUES as error:
                _log.error("An entry of the ledger could not be written and is lost: %s", error)
            self._release(self._pending[:1])
            del self._pending[0]

    def _postpone(self, error: Exception) -> None:
        """Keep everything for the next try; where that may take long, tell the user once and let nobody wait for it."""
        now = monotonic()
        if self._failing_since is None:
            self._failing_since = now
        else:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        passing = is_busy(error) and now - self._failing_since < LOCKED_SECONDS
        if self.problem is None and not passing and not (is_corrupt(error) and self._replace_file(error)):
            self.problem = describe(error, self._path)
            _log.error("%s Until then the ledger is kept in memory.", self.problem)
        if self.problem is not None:
            self._release(self._pending)
            self._pending = [_Item(item.write, None) for item in self._pending]
        if len(self._pending) > BACKLOG:
            _log.error("The ledger's oldest %d entries in memory are lost.", len(self._pending) - BACKLOG)
            del self._pending[:-BACKLOG]

    def _replace_file(self, error: Exception) -> bool:
        """Set a damaged file aside, unless another process has done so: the next try makes a new one."""
        moved = self._connection is not None and self._moved()
        self._disconnect()
        if moved:
            return True
        try:
            aside = set_aside(self._path)
        except OSError:
            return False
        _log.error("The ledger was damaged (%s): it is kept as %s, and a new one is begun.", error, aside)
        return True

    def _recover(self, written: int) -> None:
        if self.problem is not None:
            _log.warning("The ledger can be written again; %d entries were kept in memory and are saved now.", written)
        self.problem, self._failing_since, self._pause = None, None, FIRST_PAUSE

    def _checkpoint(self) -> None:
        """Move the write-ahead log into the file while nobody waits; readers and other writers are not disturbed."""
        if self._connection is not None:
            with suppress(sqlite3.Error):  # the log only stays longer; what is wrong shows at the next commit
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            self._unchecked = 0

    def _release(self, items: list[_Item]) -> None:
        """Let those who wait go on, each on its own loop."""
        waiting: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
        for item in items:
            if item.done is not None:
                waiting.setdefault(item.done.get_loop(), []).append(item.done)
        for loop, futures in waiting.items():
            with suppress(RuntimeError):  # the loop is closed, so nobody waits
                loop.call_soon_threadsafe(_resolve, futures)


def _resolve(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)
