"""The ledger in one SQLite file, shared by all editors of the machine."""

import asyncio
import logging
from functools import partial
from pathlib import Path

from tierwise.core.outcome import Feedback, Outcome

from .rows import record_of, write_feedback, write_record
from .writer import Writer

PATIENCE = 0.25
"""Seconds a request waits at most for its outcome to be written, where a commit takes under a millisecond; past it the
outcome is in memory and written later."""

CLOSING = 2.0
"""Seconds that closing may take: an editor that quits does not wait for a locked file."""

_log = logging.getLogger(__name__)


class SqliteLedger:
    """A ``Ledger`` over one file; see ``open``."""

    def __init__(self, path: Path, *, keep_text: bool) -> None:
        self.path = path
        self._keep_text = keep_text
        self._writer = Writer(path)
        self._closed = False

    @property
    def problem(self) -> str | None:
        """Why the ledger is kept in memory at present and what to do about it, or None where all is well."""
        return self._writer.problem

    async def record(self, outcome: Outcome) -> None:
        """Write the outcome; when this returns, it survives ``kill -9``.

        It is queued before the first wait, so a caller that is cancelled here loses nothing. Where the file cannot be
        written this returns within ``PATIENCE``, and ``problem`` says what is wrong.
        """
        write = partial(write_record, record_of(outcome, keep_text=self._keep_text))
        if self._closed:
            _log.error("An outcome came after the ledger was closed and is lost.")
            return
        if self._writer.problem is not None:
            self._writer.put(write)
            return
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        timer = loop.call_later(PATIENCE, _release, done)
        self._writer.put(write, done)
        try:
            await done
        finally:
            timer.cancel()

    def note(self, feedback: Feedback) -> None:
        """Write what the user did with an answer, soon."""
        if self._closed:
            _log.error("Feedback came after the ledger was closed and is lost.")
            return
        self._writer.put(partial(write_feedback, feedback))

    async def close(self) -> None:
        """Write what is still waiting, for at most ``CLOSING`` seconds, and close."""
        if not self._closed:
            self._closed = True
            self._writer.stop(CLOSING)
        await asyncio.to_thread(self._writer.join, 2 * CLOSING)  # a disk that hangs holds nobody up


def open(path: Path, *, keep_text: bool = False) -> SqliteLedger:  # noqa: A001 - every inhabitant of a room opens so
    """Open the ledger at ``path``, made where it is missing; never fails and never waits: see ``SqliteLedger.problem``.

    ``keep_text`` also keeps the evidence of checks, which may quote code; the user must have asked for it.
    """
    return SqliteLedger(path, keep_text=keep_text)


def _release(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
