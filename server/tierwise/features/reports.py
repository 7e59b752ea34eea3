"""Documents to read: written to a file as the answer streams, and shown by the editor."""

import asyncio
import re
import time
from itertools import count
from pathlib import Path

from tierwise.core.exchange import Exchange
from tierwise.core.outcome import Outcome
from tierwise.engine import Companion
from tierwise.lsp import RpcError, Session

from . import work

RHYTHM = 0.4
"""Seconds between two writings of a report that is still growing: editors reload a file that often without flicker."""

KEPT = 50
"""Reports that stay on disk."""

_numbers = count(1)
"""Tell reports of one second from one another."""


class Report(Companion):
    """One report: hears the answer while it streams; ``finish`` writes what was accepted in the end."""

    def __init__(self, session: Session, folder: Path, name: str) -> None:
        self._session = session
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{next(_numbers):02}-{re.sub(r'[^a-z0-9_]+', '-', name.lower())}"
        self.path = folder / f"{stem}.md"
        self._written = 0.0
        self._text = ""
        self._shown = False

    def hear(self, exchange: Exchange) -> None:
        """Write what there is so far, now and then; open the document with its first words."""
        now, self._text = time.monotonic(), exchange.text
        if now - self._written < RHYTHM or not self._text.strip():
            return
        self._written = now
        try:
            self._write(self._text)
        except OSError:
            return  # the end says so
        if not self._shown:
            self._shown = True
            self._session.spawn(self._show())

    async def finish(self, outcome: Outcome) -> None:
        """Write the whole report with who wrote it, and show it if it is not; raises ``work.UndoableError``.

        Where it came to nothing, what is shown already says so at its end.
        """
        candidate, answer = outcome.candidate, outcome.answer
        if candidate is None or answer is None:
            reason = work.nothing(outcome)
            if self._shown:
                await self._sign(self._text, f"Broken off: {reason}")
            raise work.UndoableError(reason)
        await self._sign(candidate.text, f"{answer.model.ref} · {answer.tier} · {work.price_of(outcome)}")
        if not self._shown:
            self._shown = True
            await self._show()

    async def _sign(self, text: str, below: str) -> None:
        try:
            await asyncio.to_thread(self._write, f"{text.rstrip()}\n\n---\n{below}\n")
        except OSError as error:
            raise work.UndoableError(f"The report cannot be written: {error}") from None

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.write_text(text, "utf-8")
        for old in sorted(self.path.parent.glob("*.md"))[:-KEPT]:
            old.unlink(missing_ok=True)

    async def _show(self) -> None:
        if self._session.supports("window", "showDocument", "support"):
            try:
                await self._session.request("window/showDocument", {"uri": self.path.as_uri(), "takeFocus": True})
                return
            except RpcError:
                pass  # the path in a message serves as well
        self._session.show_message(f"The report is in {self.path}")
