"""Answers that would be the same again, kept beside the ledger for all editors of the machine.

What is kept can be read by nobody who does not ask the same question: an answer is enciphered with a key made from its
prompt (convergent encryption, Douceur et al., ICDCS 2002), and the prompt itself is not kept.
"""

import json
import logging
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict
from hashlib import sha256, shake_256
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from tierwise.core.reply import Finish, Reply, Usage

from .file import BUSY_SECONDS, open_companion

log = logging.getLogger(__name__)

NAME = "answers.sqlite3"
LASTS = 30 * 86_400.0
"""Seconds: models change under their names, and so does what they would say."""
MOST = 20_000
"""Answers of a few hundred bytes each; past it the oldest go."""

_TABLE = """
    CREATE TABLE IF NOT EXISTS answers (
        place BLOB PRIMARY KEY, sealed BLOB NOT NULL, cost REAL NOT NULL, at REAL NOT NULL,
        hits INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID
"""


class Answers:
    """One file; every method may take a few milliseconds, so it belongs in a thread. What goes wrong is logged."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, question: bytes) -> Reply | None:
        """Return the answer to the question, whose digest this is, and count that it was saved."""
        rows = self._run(
            "UPDATE answers SET hits = hits + 1 WHERE place = ? AND at > ? RETURNING sealed",
            (_place(question), time.time() - LASTS),
        )
        return _unsealed(rows[0][0], question) if rows else None

    def put(self, question: bytes, reply: Reply, cost: float) -> None:
        """Keep an answer and the dollars it has cost."""
        self._run(
            "INSERT OR REPLACE INTO answers (place, sealed, cost, at) VALUES (?, ?, ?, ?)",
            (_place(question), _sealed(reply, question), cost, time.time()),
        )
        self._run(
            "DELETE FROM answers "
            "WHERE at < ? OR place IN (SELECT place FROM answers ORDER BY at DESC LIMIT -1 OFFSET ?)",
            (time.time() - LASTS, MOST),
        )

    def remove(self, question: bytes) -> None:
        """Drop the answer to the question."""
        self._run("DELETE FROM answers WHERE place = ?", (_place(question),))

    def saved(self) -> tuple[int, float]:
        """Return how often an answer was not paid for again, and the dollars that would have cost."""
        rows = self._run("SELECT total(hits), total(hits * cost) FROM answers", ())
        return (int(rows[0][0]), rows[0][1]) if rows else (0, 0.0)

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """Run one transaction; where the file cannot be used, whoever wanted something of it goes on without."""
        try:
            with closing(_connect(self.path)) as connection, connection:
                return connection.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            log.warning("answers are not kept: %s", error)
            return []


def digest(*parts: str) -> bytes:
    """Return what identifies a question: a digest of all that shapes its answer."""
    return sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).digest()


def _connect(path: Path) -> Connection:
    return open_companion(path, _TABLE, BUSY_SECONDS)


def _place(question: bytes) -> bytes:
    return sha256(b"place" + question).digest()


def _sealed(reply: Reply, question: bytes) -> bytes:
    told = {"text": reply.text, "finish": reply.finish, "resolved": reply.resolved, "usage": asdict(reply.usage)}
    return _enciphered(json.dumps(told).encode("utf-8", "surrogatepass"), question)


def _unsealed(sealed: bytes, question: bytes) -> Reply | None:
    try:
        told = json.loads(_enciphered(sealed, question))
        return Reply(
            text=str(told["text"]),
            usage=Usage(**told["usage"]),
            finish=Finish(told["finish"]),
            resolved=str(told["resolved"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _enciphered(data: bytes, question: bytes) -> bytes:
    stream = shake_256(b"text" + question).digest(len(data))
    return (int.from_bytes(data) ^ int.from_bytes(stream)).to_bytes(len(data))
