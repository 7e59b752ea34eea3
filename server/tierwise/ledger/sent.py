"""What vendors were sent in batches and is not yet in the ledger: names of batches and entries, no text of anyone's.

An entry stays here until its answer is in the ledger, so that what a vendor bills is booked whatever happens meanwhile.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from .file import open_companion

log = logging.getLogger(__name__)

NAME = "batches.sqlite3"
BUSY_SECONDS = 2.0

CLAIM_SECONDS = 60.0
"""After which an answer that somebody took and did not book counts as lost with his process: another may book it."""

_TABLE = """
    CREATE TABLE IF NOT EXISTS entries (
        name TEXT PRIMARY KEY, provider TEXT NOT NULL, batch TEXT NOT NULL, model TEXT NOT NULL, tier TEXT NOT NULL,
        kind TEXT NOT NULL, feature TEXT NOT NULL, workspace TEXT NOT NULL, at REAL NOT NULL, claimed REAL
    ) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An entry of a batch. ``workspace`` is what the ledger knows it by, ``model`` a ``provider/name``."""

    name: str
    provider: str
    batch: str
    model: str
    tier: str
    kind: str
    feature: str
    workspace: str
    at: float


class Sent:
    """One file, in which several processes may write; every method may take milliseconds, so it belongs in a thread.

    Raises ``sqlite3.Error`` and ``OSError``: where nothing can be kept, nothing must be sent.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, entries: Sequence[Posted]) -> None:
        """Keep entries that a vendor has taken."""
        with closing(_connect(self.path)) as connection, connection:
            connection.execute("PRAGMA synchronous = FULL")  # a batch that a crash makes us forget is money lost
            statement = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
            connection.executemany(statement, [astuple(entry) for entry in entries])

    def find(self, name: str) -> Posted | None:
        """Return the entry of that name."""
        found = self._entries("WHERE name = ?", (name,))
        return found[0] if found else None

    def of_workspace(self, workspace: str) -> list[Posted]:
        """Return the entries of a workspace that are not in the ledger."""
        return self._entries("WHERE workspace = ? ORDER BY at", (workspace,))

    def claim(self, name: str) -> bool:
        """Say whether the caller is the one to book the entry's answer."""
        now = time.time()
        statement = "UPDATE entries SET claimed = ? WHERE name = ? AND (claimed IS NULL OR claimed < ?)"
        with closing(_connect(self.path)) as connection, connection:
            return connection.execute(statement, (now, name, now - CLAIM_SECONDS)).rowcount == 1

    def booked(self, names: Iterable[str]) -> None:
        """Forget entries, because the ledger has them now."""
        with closing(_connect(self.path)) as connection, connection:
            connection.executemany("DELETE FROM entries WHERE name = ?", [(name,) for name in names])

    def keep_only(self, provider: str, batch: str, names: Iterable[str]) -> None:
        """Forget all entries of a batch but these: the others cost nothing."""
        wanted = set(names)
        gone = [each.name for each in self._entries("WHERE provider = ? AND batch = ?", (provider, batch))]
        self.booked(name for name in gone if name not in wanted)

    def is_open(self, provider: str, batch: str) -> bool:
        """Whether an entry of the batch is not in the ledger yet."""
        return bool(self._entries("WHERE provider = ? AND batch = ? LIMIT 1", (provider, batch)))

    def _entries(self, where: str, values: tuple[Any, ...]) -> list[Posted]:
        columns = ("name", "provider", "batch", "model", "tier", "kind", "feature", "workspace", "at")
        statement = f"SELECT {', '.join(columns)} FROM entries {where}"  # noqa: S608 - our own words
        with closing(_connect(self.path)) as connection:
            rows = connection.execute(statement, values).fetchall()
        return [Posted(**dict(zip(columns, row, strict=True))) for row in rows]


def _connect(path: Path) -> Connection:
    return open_companion(path, _TABLE, BUSY_SECONDS)
