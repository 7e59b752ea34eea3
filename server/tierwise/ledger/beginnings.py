"""What vendors were sent lately, and how much of it they had or put in their caches."""

from dataclasses import dataclass
from pathlib import Path

from .file import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A call whose prompt had the ``beginning`` of this digest and of which the vendor found or wrote so many tokens;
    it ended ``at`` a moment in seconds since the epoch.
    """

    model: str
    beginning: str
    tokens: int
    at: float


def beginnings(path: Path, since: float) -> tuple[Begun, ...]:
    """Return the calls since a moment that were billed by the vendor, the earliest first; raises ``LedgerError``."""
    with reading(path) as connection:
        rows = connection.execute(
            """
            SELECT provider || '/' || attempts.model AS model, beginning, cache_read + cache_write AS tokens,
                started + seconds AS at
            FROM requests JOIN attempts ON attempts.request = requests.id
            WHERE requests.at >= ? AND beginning != '' AND called AND NOT estimated
                AND input + cache_read + cache_write > 0
            ORDER BY attempts.started + attempts.seconds
            """,
            (since,),
        )
        return tuple(Begun(**dict(row)) for row in rows)
