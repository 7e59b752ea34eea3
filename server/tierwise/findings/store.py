"""What was found, by the content it was found in: one SQLite file beside the ledger, shared by all editors."""

import hashlib
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .finding import Concern, Finding, read, written

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds to wait for another editor's commit, which takes about a millisecond."""
AT_ONCE = 500
"""Keys in one query; SQLite takes a thousand variables on every build there is."""

_TABLES = """
CREATE TABLE IF NOT EXISTS units (
    key TEXT PRIMARY KEY,
    concerns TEXT NOT NULL,
    findings TEXT NOT NULL,
    at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dismissed (
    ident TEXT PRIMARY KEY,
    concern TEXT NOT NULL,
    at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken (
    day TEXT NOT NULL,
    root TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (day, root)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commented (
    ident TEXT PRIMARY KEY,
    concern TEXT NOT NULL,
    at REAL NOT NULL
) WITHOUT ROWID;
"""


_GONE = """
SELECT concern, count(DISTINCT ident) FROM (SELECT * FROM dismissed UNION ALL SELECT * FROM commented) GROUP BY concern
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of one concern: how many findings stand in the store and how many were dismissed."""

    found: int
    dismissed: int

    @property
    def precision(self) -> float | None:
        """The share that nobody dismissed, in [0, 1]; None where nothing was found."""
        total = max(self.found, self.dismissed)
        return 1.0 - self.dismissed / total if total else None


class Store:
    """Findings by unit key and dismissals by a finding's ``ident``; usable from any thread.

    A file that cannot be used leaves it in memory for this process: a log line says so, and nothing else stops.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._connection = _opened(path)
        self.changes = 0
        """Grows with everything that is kept or dismissed by this process."""

    def known(self, keys: Iterable[str], concerns: Iterable[Concern], mark: str = "") -> dict[str, tuple[Finding, ...]]:
        """Return the findings of the units that were looked at for all these concerns; those of others are left out.

        A unit in which nothing was found has an empty tuple, one that was never looked at is not in the answer.
        ``mark`` is that of the profile that looked.
        """
        wanted = [_marked(key, mark) for key in dict.fromkeys(keys)]
        concerns = frozenset(concerns)
        found: dict[str, tuple[Finding, ...]] = {}
        for at in range(0, len(wanted), AT_ONCE):
            for key, asked, text in self._rows(wanted[at : at + AT_ONCE]):
                if concerns <= set(asked.split()):
                    found[key.rpartition(" ")[2]] = tuple(
                        finding for finding in _findings(text) if finding.concern in concerns
                    )
        return found

    def keep(self, found: Mapping[str, Sequence[Finding]], concerns: Iterable[Concern], mark: str = "") -> None:
        """Write what was found in units, by key, when a profile of that mark looked at them for these concerns."""
        asked, now = " ".join(sorted(concerns)), time.time()
        rows = [
            (_marked(key, mark), asked, json.dumps([written(finding) for finding in findings]), now)
            for key, findings in found.items()
        ]
        self._write("INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?)", rows)

    def dismiss(self, ident: str, concern: Concern) -> None:
        """Never show this finding again, wherever its code stands."""
        self._write("INSERT OR IGNORE INTO dismissed VALUES (?, ?, ?)", [(ident, str(concern), time.time())])

    def comment(self, ident: str, concern: Concern) -> None:
        """Count a finding that a comment in the code dismisses; the comment itself hides it."""
        self._write("INSERT OR IGNORE INTO commented VALUES (?, ?, ?)", [(ident, str(concern), time.time())])

    def dismissed(self) -> frozenset[str]:
        """Return the idents of what was dismissed."""
        with self._lock:
            return frozenset(ident for (ident,) in self._connection.execute("SELECT ident FROM dismissed"))

    def take(self, root: str, tokens: int) -> None:
        """Count tokens that a search in the workspace of this root has taken today; what is older is forgotten."""
        if not tokens:
            return
        statement = (
            "INSERT INTO taken VALUES (?, ?, ?) ON CONFLICT (day, root) DO UPDATE SET tokens = tokens + excluded.tokens"
        )
        self._write(statement, [(_today(), root_mark(root), tokens)])
        self._write("DELETE FROM taken WHERE day < ?", [(_today(),)])

    def taken(self, root: str) -> tuple[int, int]:
        """Return the tokens that searches have taken today: all, and those in the workspace of this root."""
        query = "SELECT total(tokens), total(tokens) FILTER (WHERE root = ?) FROM taken WHERE day = ?"
        with self._lock:
            (every, here) = self._connection.execute(query, (root_mark(root), _today())).fetchone()
        return int(every), int(here)

    def kept_of(self, task: str) -> float:
        """Return which share of what a task confirmed was not dismissed, 0 where nothing of it is known."""
        query = "SELECT findings FROM units WHERE instr(findings, ?)"
        with self._lock:
            texts = [text for (text,) in self._connection.execute(query, (json.dumps(task),))]
            rows = self._connection.execute("SELECT ident FROM dismissed UNION SELECT ident FROM commented")
            gone = {ident for (ident,) in rows}
        idents = {finding.ident for text in texts for finding in _findings(text) if finding.task == task}
        return len(idents - gone) / len(idents) if idents else 0.0

    def tallies(self) -> dict[Concern, Tally]:
        """Return per concern how much was found and how much of it was dismissed, in either way."""
        with self._lock:
            texts = [text for (text,) in self._connection.execute("SELECT findings FROM units WHERE findings != '[]'")]
            rows = self._connection.execute(_GONE).fetchall()
        gone = {str(concern): int(count) for concern, count in rows}
        found = [finding for text in texts for finding in _findings(text)]
        idents = {concern: {each.ident for each in found if each.concern is concern} for concern in Concern}
        return {
            concern: Tally(found=len(idents[concern]), dismissed=gone.get(concern, 0))
            for concern in Concern
            if idents[concern] or concern in gone
        }

    def stamp(self) -> tuple[int, int]:
        """Return what changes whenever this or another process has written to the store."""
        with self._lock:
            return self.changes, int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def is_empty(self) -> bool:
        """Whether nothing was ever found."""
        with self._lock:
            found = self._connection.execute("SELECT 1 FROM units WHERE findings != '[]' LIMIT 1").fetchone()
        return found is None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _rows(self, keys: Sequence[str]) -> list[tuple[str, str, str]]:
        marks = ", ".join("?" * len(keys))
        query = f"SELECT key, concerns, findings FROM units WHERE key IN ({marks})"  # noqa: S608 - marks only
        try:
            with self._lock:
                return self._connection.execute(query, list(keys)).fetchall()
        except sqlite3.Error as error:
            log.warning("what was found before cannot be read: %s", error)
            return []

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        try:
            with self._lock, self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            log.warning("findings are not kept: %s", error)
        self.changes += 1


def root_mark(root: str) -> str:
    """Return what a workspace is known by here, which does not tell where it is."""
    return hashlib.sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _today() -> str:
    """Return the user's own day."""
    return time.strftime("%Y-%m-%d")


def _marked(key: str, mark: str) -> str:
    return f"{mark} {key}" if mark else key


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        try:
            return _prepared(path)
        except (sqlite3.Error, OSError) as error:
            log.warning("findings are kept in memory only: %s cannot be used (%s)", path, error)
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.executescript(_TABLES)
    return connection


def _prepared(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    try:
        with closing(connection.execute("PRAGMA journal_mode = WAL")):
            connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
    except BaseException:
        connection.close()
        raise
    return connection


def _findings(text: str) -> list[Finding]:
    """Return the findings of a row; what another version wrote and this one cannot read counts as nothing found."""
    try:
        return [read(said) for said in cast("list[dict[str, Any]]", json.loads(text))]
    except (KeyError, TypeError, ValueError) as error:
        log.info("findings of another version are left out: %s", type(error).__name__)
        return []
