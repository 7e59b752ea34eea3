"""What becomes of old entries: forgotten, carried out of the file, or all of it erased."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from .answers import NAME
from .file import LedgerError, connect, describe, reading

_COMPANIONS = ("", "-wal", "-shm")
TABLES = ("requests", "attempts", "feedback")


def prune(path: Path, before: float) -> int:
    """Forget the requests from before the moment (seconds since the epoch) and give the room back; return how many.

    Raises ``LedgerError``.
    """
    if not path.exists():
        return 0
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM feedback WHERE at < ?", (before,))
            gone = connection.execute("DELETE FROM requests WHERE at < ?", (before,)).rowcount
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return gone
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(describe(error, path)) from error


def export(path: Path) -> Iterator[str]:
    """Yield every row of every table as a line of JSON with the table's name in ``table``; raises ``LedgerError``."""
    with reading(path) as connection:
        for table in TABLES:
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):  # noqa: S608 - our own names
                yield json.dumps({"table": table, **dict(row)}, ensure_ascii=False)


def erase(path: Path) -> tuple[Path, ...]:
    """Delete the ledger and the answers kept beside it; return the files that are gone. Raises ``LedgerError``."""
    gone: list[Path] = []
    try:
        with reading(path):
            pass  # another program's database is not ours to delete
        for name in (path.name, NAME):
            for companion in _COMPANIONS:
                file = path.with_name(name + companion)
                if file.exists():
                    file.unlink()
                    gone.append(file)
    except OSError as error:
        raise LedgerError(describe(error, path)) from error
    return tuple(gone)
