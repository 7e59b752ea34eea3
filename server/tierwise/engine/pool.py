"""The open providers, each imported in the background and kept alive between calls."""

import asyncio
import logging
from collections.abc import Mapping

from tierwise import providers
from tierwise.core.garbage import loading_alone
from tierwise.core.reply import Failure, FailureKind, ProviderError
from tierwise.policies.caches import Caches
from tierwise.providers import Endpoint, Provider

from .health import Health

log = logging.getLogger(__name__)

GRACE = 120.0
"""Seconds after which no request can still use a provider that settings took away: the longest deadline of a kind."""

_leaving: set[asyncio.Task[None]] = set()


class Pool:
    """Providers by name: ``ready`` ones are open already, ``endpoints`` are opened when first wanted or warmed.

    ``health`` knows how they and their models fare, ``caches`` what they hold of earlier prompts.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        ready: Mapping[str, Provider] | None = None,
        health: Health | None = None,
        caches: Caches | None = None,
    ) -> None:
        self._endpoints = dict(endpoints)
        self.health = health or Health(self._endpoints)
        self.caches = caches if caches is not None else Caches()
        self._open: dict[str, Provider] = dict(ready or {})
        self._opening: dict[str, asyncio.Task[Provider]] = {}

    async def provider(self, name: str) -> Provider:
        """Return the provider; raises ``ProviderError`` where there is none of that name or it cannot be opened."""
        found = self._open.get(name)
        if found is not None:
            return found
        opening = self._opening.get(name)
        if opening is None:
            opening = self._opening[name] = asyncio.create_task(self._load(name))
        # A cancelled request must not cancel the opening that others wait for.
        return await asyncio.shield(opening)

    async def warm(self) -> None:
        """Open every endpoint and let it warm up; one that cannot be opened is logged and tried again when wanted."""
        async with asyncio.TaskGroup() as warming:
            for name in self._endpoints:
                try:
                    warming.create_task((await self.provider(name)).warm())
                except ProviderError as error:
                    log.warning("provider %s: %s", name, error.failure.message)

    def succeeded_by(self, endpoints: Mapping[str, Endpoint], ready: Mapping[str, Provider] | None = None) -> "Pool":
        """Return a pool for other endpoints that takes over the open providers of those that stay the same.

        The others stay open here for the requests that still use them, and close once those can have ended.
        """
        same = {name for name, endpoint in endpoints.items() if self._endpoints.get(name) == endpoint}
        kept = {name: self._open.pop(name) for name in same & self._open.keys()}
        heir = Pool(endpoints, {**kept, **(ready or {})}, self.health.succeeded_by(endpoints), self.caches)
        leaving = asyncio.create_task(self._leave())
        _leaving.add(leaving)
        leaving.add_done_callback(_leaving.discard)
        return heir

    async def _leave(self) -> None:
        await asyncio.sleep(GRACE)
        await self.close()

    async def close(self) -> None:
        """Close every provider that was opened."""
        for opening in self._opening.values():
            opening.cancel()
        for provider in self._open.values():
            await provider.close()
        self._open.clear()

    async def _load(self, name: str) -> Provider:
        endpoint = self._endpoints.get(name)
        try:
            if endpoint is None:
                raise ProviderError(_missing(name, tuple(self._endpoints)))
            provider = await asyncio.get_running_loop().run_in_executor(None, _opened, endpoint)
            self._open[name] = provider
            return provider
        finally:
            self._opening.pop(name, None)


def _opened(endpoint: Endpoint) -> Provider:
    with loading_alone():
        return providers.load(endpoint)


def _missing(name: str, known: tuple[str, ...]) -> Failure:
    there = ", ".join(known) or "none"
    return Failure(
        kind=FailureKind.REFUSED,
        message=f"There is no provider {name!r} (configured: {there}). Add it under [providers.{name}] or set its key.",
    )
