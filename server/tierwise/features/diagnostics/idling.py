"""Scans while nobody types, where the user wishes them: begun after some seconds of rest, ended by the next change."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from tierwise.features.house import House
from tierwise.lsp import RpcError, Session

from .scanning import Scanning

if TYPE_CHECKING:
    from tierwise.findings.review import Review
    from tierwise.findings.scope import Extent

log = logging.getLogger(__name__)


class Idling:
    """Watches one client's changes. One task sleeps while rest is waited for; a key costs a look at the clock."""

    def __init__(self, house: House, scanning: Scanning) -> None:
        self._house = house
        self._scanning = scanning
        self._wanted = False
        self._last: float | None = None
        self._watching = False
        self._scan: asyncio.Task[object] | None = None

    def begin(self) -> None:
        """Obey pauses from now on."""
        self._house.pause.listen(self._end)

    def renewed(self, session: Session, params: dict[str, Any]) -> None:
        """Take in that other settings are in force."""
        session.spawn(self._renew(session))

    async def _renew(self, session: Session) -> None:
        self._wanted = (await self._house.settings()).review.when == "idle"
        if self._last is not None:
            self._wait(session)

    def stirred(self, session: Session, params: dict[str, Any]) -> None:
        """Take in that the user does something: what runs ends, and the rest is waited for anew."""
        self._last = asyncio.get_running_loop().time()
        self._end()
        self._wait(session)

    def _wait(self, session: Session) -> None:
        """Wait for rest, where it is wished that something is done then."""
        if self._wanted and not self._watching:
            self._watching = True
            session.spawn(self._watch(session))

    def _end(self) -> None:
        if self._scan is not None:
            self._scan.cancel()

    async def _watch(self, session: Session) -> None:
        """Look once there is rest, and again for as long as looking was broken off by a change."""
        loop = asyncio.get_running_loop()
        try:
            while self._wanted and self._last is not None:
                rest = (await self._house.settings()).review.idle_seconds
                waited = loop.time() - self._last
                if waited < rest:
                    await asyncio.sleep(rest - waited)
                    continue
                seen = self._last
                if not self._house.pause.on:
                    await self._look(session)
                if seen == self._last:
                    return
        finally:
            self._watching = False
            self._end()

    async def _look(self, session: Session) -> None:
        self._scan = asyncio.create_task(self._scanned(session))
        await asyncio.wait({self._scan})
        ended, self._scan = self._scan, None
        if not ended.cancelled() and (error := ended.exception()) is not None:
            log.warning("looking for defects at rest failed: %s", error)

    async def _scanned(self, session: Session) -> object:
        try:
            review = await self._scanning.review(session, "")
        except RpcError:
            return None  # no folder is open
        for about in await _extents(session, review):
            if await self._is_cheap(review, about):
                await self._scanning.quietly(session, review, about)
        return None

    async def _is_cheap(self, review: "Review", about: "Extent") -> bool:
        """Whether it may be done without asking the user, who is away."""
        limit = (await self._house.settings()).budget.ask_above
        told = await review.estimate(await review.plan(about))
        cheap = limit is None or (told.dollars is not None and told.dollars <= limit)
        if not cheap:
            log.info("nothing is looked at while the user is away: the estimate is above budget.ask_above")
        return cheap


async def _extents(session: Session, review: "Review") -> "list[Extent]":
    """Return what is worth looking at unasked: what is not committed, and what is open."""
    from tierwise.findings.plan import Interest
    from tierwise.findings.scope import Extent, NoScopeError, Scope, extent
    from tierwise.findings.survey import path_of

    opened = tuple(path_of(document.uri) for document in session.documents if document.uri.startswith("file:"))
    extents = [Extent(interest=Interest(), paths=tuple(path for path in opened if path.is_relative_to(review.root)))]
    try:
        extents.insert(0, await extent(review.root, Scope.DIFF))
    except NoScopeError:
        pass  # there is no repository
    return extents
