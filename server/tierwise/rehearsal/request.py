"""What was asked of the rehearsed vendors, and what became of it."""

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from tierwise.core.reply import Usage


@dataclass(slots=True, kw_only=True)
class Request:
    """One request as it was received and what became of it; times are ``perf_counter`` seconds."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: dict[str, Any] = field(repr=False)
    model: str = ""
    started: float = field(default_factory=perf_counter)
    usage: Usage = field(default_factory=Usage)
    """What the vendor would bill: the output counts what was really sent."""
    reported: bool = False
    """Whether the bill was told to the client."""
    status: int = 200
    ended: str | None = None
    """``finished``: we said all; ``closed``: the client left first; ``fault``: a scripted fault ended it."""
    ended_at: float | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def end(self, how: str) -> None:
        """Note how it ended; the first ending counts."""
        if self.ended is None:
            self.ended, self.ended_at = how, perf_counter()
            self._over.set()

    async def over(self) -> "Request":
        """Return the request when it has ended."""
        await self._over.wait()
        return self

    def plain(self) -> dict[str, Any]:
        """Return the request as JSON, without its headers, which hold a key."""
        usage = {name: getattr(self.usage, name) for name in ("input", "output", "cache_read", "cache_write")}
        return {
            "method": self.method,
            "path": self.path,
            "model": self.model,
            "status": self.status,
            "ended": self.ended,
            "reported": self.reported,
            "usage": usage,
            "body": self.body,
        }
