"""A question on its way into a batch."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tierwise.core.exchange import Exchange
from tierwise.core.task import Task
from tierwise.ledger.rows import workspace_of
from tierwise.ledger.sent import Posted
from tierwise.providers.wire.batch import MOST_BYTES, MOST_ENTRIES, Answer, Entry

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 2.0, 60.0, 1.5
"""Seconds between two looks at a batch: small ones are answered in a minute or two, most within the hour."""

Place = tuple[str, str]
"""A provider and the name of a batch there."""


@dataclass(slots=True, kw_only=True, eq=False)
class Letter:
    """A question that waits for its answer."""

    task: Task
    tier: str
    exchange: Exchange
    entry: Entry
    answer: "asyncio.Future[Answer]"

    def posted(self, batch: str) -> Posted:
        """Return what is kept of it."""
        return Posted(
            name=self.entry.name,
            provider=self.exchange.model.provider,
            batch=batch,
            model=self.exchange.model.ref,
            tier=self.tier,
            kind=self.task.kind,
            feature=self.task.feature,
            workspace=workspace_of(self.task),
            at=time.time(),
        )


def parts(letters: list[Letter]) -> Iterator[list[Letter]]:
    """Yield the letters in batches that the vendors take."""
    part: list[Letter] = []
    size = 0
    for letter in letters:
        if part and (len(part) == MOST_ENTRIES or size + letter.entry.size > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(letter)
        size += letter.entry.size
    yield part


def pauses() -> Iterator[float]:
    """Yield the seconds to wait between two looks at a batch."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * GROWTH, LONGEST_PAUSE)
