"""What users make of findings, told to whoever confirmed them: dismissed ones were none, what was changed was right.

It goes the way of all feedback, through the engine: into the ledger, for the report and for later tuning, and to the
policies that learn.
"""

import asyncio
import time
from typing import TYPE_CHECKING

from tierwise.core.outcome import Feedback, Signal
from tierwise.features.house import House
from tierwise.lsp import Session

from .shelf import Shelf

if TYPE_CHECKING:
    from tierwise.findings.store import Store


class Opinions:
    """Notes them for one client."""

    def __init__(self, house: House, shelf: Shelf) -> None:
        self._house = house
        self._shelf = shelf

    async def dismissed(self, store: "Store", ident: str, task: str) -> None:
        """Take in that a finding was dismissed; what its task confirmed besides still speaks for it."""
        for seen in self._shelf.seen.values():
            seen.pop(ident, None)
        if task:
            kept = await asyncio.to_thread(store.kept_of, task)
            await self._note(feedback_of(task, kept))

    async def saved(self, session: Session, uri: str) -> None:
        """Take in which findings are gone because the very code that they were about was changed."""
        document, seen = session.documents.get(uri), self._shelf.seen.get(uri)
        if document is None or not seen:
            return
        stands = await self._shelf.sheet(session, document)
        text = " ".join(str(document.text).split())
        for ident, standing in [*seen.items()]:
            if ident not in stands.standing and standing.quote not in text:
                del seen[ident]
                if standing.task:
                    right = Feedback(task_id=standing.task, signal=Signal.ACCEPTED, value=1.0, at=time.time())
                    await self._note(right)

    async def _note(self, feedback: Feedback) -> None:
        (await self._house.engine()).note(feedback)


def feedback_of(task: str, kept: float) -> Feedback:
    """Return what a dismissal says of a task's findings, of which this share is not dismissed."""
    signal = Signal.RETAINED if kept else Signal.REJECTED
    return Feedback(task_id=task, signal=signal, value=kept, at=time.time())
