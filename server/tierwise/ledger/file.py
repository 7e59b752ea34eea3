"""The ledger as a file: opening it for writing or reading, and what can be wrong with it."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from time import monotonic, sleep

from .migrations import APPLICATION_ID, MIGRATIONS, migrate, version

BUSY_SECONDS = 0.2
"""How long SQLite itself waits for another process's commit, which takes well under a millisecond."""

OPENING_SECONDS = 2.0
"""How long a reader waits while somebody else makes or migrates the file; either takes some milliseconds."""

READ_BYTES = 1 << 30
"""Of the file mapped into memory while it is read, which makes a report a third faster."""

_COMPANIONS = ("", "-wal", "-shm")
_PRIMARY_CODE = 0xFF
"""SQLite's extended result codes keep the plain one in their lowest byte."""


class LedgerError(Exception):
    """The ledger cannot be used as it is; the message names the file and the fix."""


def connect(path: Path) -> Connection:
    """Open the file for writing, made and migrated where needed; nobody but its owner may read it.

    Raises ``LedgerError``, ``sqlite3.Error`` and ``OSError``.
    """
    _prepare(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _inspect(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # the writer does it when nobody waits
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_companion(path: Path, table: str, patience: float) -> Connection:
    """Open a file beside the ledger that holds one ``table``, as private as the ledger; ``patience`` is in seconds.

    Raises ``sqlite3.Error`` and ``OSError``.
    """
    _prepare(path)
    connection = sqlite3.connect(path, timeout=patience)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(table)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(path: Path) -> None:
    """Make the file where there is none, for its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)


@contextmanager
def reading(path: Path) -> Generator[Connection]:
    """Open the file for reading: one moment's view of it, while others write. A file that is not there reads as empty.

    Raises ``LedgerError``.
    """
    try:
        with closing(_open_patiently(path)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA mmap_size = {READ_BYTES}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("BEGIN")
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(describe(error, path)) from error


def _open_patiently(path: Path) -> Connection:
    """Open for reading; while another connection makes or migrates the file, SQLite's own waiting does not apply."""
    deadline = monotonic() + OPENING_SECONDS
    while True:
        try:
            return _open_for_reading(path)
        except sqlite3.OperationalError as error:
            if not is_busy(error) or monotonic() > deadline:
                raise
            sleep(BUSY_SECONDS / 10)


def _open_for_reading(path: Path) -> Connection:
    if not path.exists():
        connection = sqlite3.connect(":memory:", isolation_level=None)
        migrate(connection)
        return connection
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=5, isolation_level=None)
    try:
        _inspect(connection, path)
        outdated = version(connection) < len(MIGRATIONS)
    except BaseException:
        connection.close()
        raise
    if not outdated:
        return connection
    connection.close()
    return connect(path)


def _inspect(connection: Connection, path: Path) -> None:
    """Raise ``LedgerError`` where the file is another program's or a newer Tierwise's; reading it is all this does."""
    # In this order, since another process may be making the tables, and their mark with them, at this moment.
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if tables and owner != APPLICATION_ID:
        raise LedgerError(f"{path} is another program's database; choose another file for the ledger.")
    if version(connection) > len(MIGRATIONS):
        raise LedgerError(
            f"The ledger {path} was written by a newer Tierwise (schema {version(connection)}, this one knows "
            f"{len(MIGRATIONS)}): upgrade this Tierwise, or choose another file for its ledger."
        )


def is_corrupt(error: Exception) -> bool:
    """Whether SQLite says that the file is damaged or none of its own."""
    return _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_busy(error: Exception) -> bool:
    """Whether another process holds the file for the moment."""
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def set_aside(path: Path) -> Path:
    """Give a damaged file another name, so that a new one can take its place; return that name. Nothing is deleted."""
    stamp = datetime.now().astimezone().strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    for companion in _COMPANIONS:
        part = path.with_name(path.name + companion)
        if part.exists():
            part.rename(aside.with_name(aside.name + companion))
    return aside


def describe(error: Exception, path: Path) -> str:
    """Return what is wrong with the file and what the user can do about it."""
    if isinstance(error, LedgerError):
        return str(error)
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"The ledger {path} is locked by another program; close what holds it open."
        case sqlite3.SQLITE_READONLY:
            return f"The ledger {path} may not be written; make the file and its folder writable."
        case sqlite3.SQLITE_FULL:
            return f"The disk that holds the ledger {path} is full; free some space."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"The ledger {path} is damaged ({error}); move it away, and the server starts a new one."
        case _:
            return f"The ledger {path} cannot be used ({error}); check the file and its folder."


def _code(error: Exception) -> int | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE
