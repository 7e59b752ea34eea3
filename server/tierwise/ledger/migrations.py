"""The ledger's tables, as numbered steps: each is applied once, in order, and the file remembers the last one's number.

A step that has been released is never changed; what is needed later is a new step at the end of ``MIGRATIONS``.
"""

from collections.abc import Callable
from sqlite3 import Connection

APPLICATION_ID = 0x54574C47
"""Marks the file as ours ("TWLG"), so that another program's database is never touched."""

Migration = Callable[[Connection], None]


def m001_requests_and_attempts(connection: Connection) -> None:
    """One row per outcome and one per call: what was decided and what it cost, never the text that went or came.

    Times are seconds since the epoch, durations seconds, money dollars (NULL: the price is unknown), ``day`` the user's
    local date. Some columns are derived when a row is written, so that reports need not:

    - ``requests.main``: the number of the attempt that answered, else of the last one that tried to; ``tier`` and
      ``model`` are that attempt's. ``priced``: every attempt's price was known. ``first_token`` and ``waited``: what
      the user of an answered request waited, from the first call's start.
    - ``attempts.result``: ``accepted``, ``rejected``, ``cancelled``, ``failed`` or ``used`` (a triage, a judge or a
      refresh that did its work). ``called``: 0 where an answer needed no call to a provider. The price is the one in
      force for that call, ``price_long`` says that it was the one for long prompts.
    """
    connection.execute("""
        CREATE TABLE requests (
            id INTEGER PRIMARY KEY,
            task TEXT NOT NULL,
            at REAL NOT NULL,
            day TEXT NOT NULL,
            feature TEXT NOT NULL,
            kind TEXT NOT NULL,
            language TEXT NOT NULL,
            workspace TEXT NOT NULL,
            document TEXT NOT NULL,
            policy TEXT NOT NULL,
            reason TEXT NOT NULL,
            confidence REAL NOT NULL,
            ladder TEXT NOT NULL,
            signals TEXT NOT NULL,
            answered INTEGER NOT NULL,
            main INTEGER,
            tier TEXT NOT NULL,
            model TEXT NOT NULL,
            priced INTEGER NOT NULL,
            first_token REAL,
            waited REAL,
            UNIQUE (task, at)
        )
    """)
    connection.execute("CREATE INDEX requests_by_time ON requests (at)")
    connection.execute("""
        CREATE TABLE attempts (
            request INTEGER NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            role TEXT NOT NULL,
            tier TEXT NOT NULL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            resolved TEXT NOT NULL,
            started REAL NOT NULL,
            first_token REAL,
            seconds REAL NOT NULL,
            input INTEGER NOT NULL,
            output INTEGER NOT NULL,
            cache_read INTEGER NOT NULL,
            cache_write INTEGER NOT NULL,
            reasoning INTEGER NOT NULL,
            estimated INTEGER NOT NULL,
            price_input REAL,
            price_output REAL,
            price_cache_read REAL,
            price_cache_write REAL,
            price_date TEXT,
            price_long INTEGER NOT NULL,
            cost REAL,
            checks_cost REAL NOT NULL,
            result TEXT NOT NULL,
            called INTEGER NOT NULL,
            finish TEXT,
            failure TEXT,
            message TEXT,
            status INTEGER,
            quality REAL NOT NULL,
            verdicts TEXT NOT NULL,
            PRIMARY KEY (request, number)
        ) WITHOUT ROWID
    """)


def m002_feedback(connection: Connection) -> None:
    """What the user did with answers; ``task`` is that of a request, which may be written later."""
    connection.execute("""
        CREATE TABLE feedback (
            id INTEGER PRIMARY KEY,
            task TEXT NOT NULL,
            signal TEXT NOT NULL,
            value REAL NOT NULL,
            at REAL NOT NULL
        )
    """)
    connection.execute("CREATE INDEX feedback_by_task ON feedback (task, signal)")


def m003_beginnings(connection: Connection) -> None:
    """What an attempt's prompt began with, as a digest: two with the same one find the same in a vendor's cache.

    Empty where nobody knows, and where the question was one of our own.
    """
    connection.execute("ALTER TABLE attempts ADD COLUMN beginning TEXT NOT NULL DEFAULT ''")


MIGRATIONS: tuple[Migration, ...] = (m001_requests_and_attempts, m002_feedback, m003_beginnings)


def version(connection: Connection) -> int:
    """Return how many steps the file has taken."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def migrate(connection: Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Take the steps the file lacks, all or none; several processes may try at once."""
    if version(connection) >= len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in migrations[version(connection) :]:
            step(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
