"""Prompt in, reply out: each file is one way to ask models, named in settings by its file name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol

from tierwise.core.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where and how a provider is reached.

    ``type`` is the inhabitant's file name; ``key`` is the secret itself, never shown in ``repr``; ``timeout`` is in
    seconds and bounds silence, not the whole answer.
    """

    name: str
    type: str
    base_url: str | None = None
    key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    timeout: float = 60.0
    concurrency: int = 0
    """Requests that may be under way at once; 0 is any number."""
    script: str | None = None
    """For the ``fake`` provider: the file with its scripted replies."""


class Provider(Protocol):
    """One endpoint, kept open between calls."""

    async def ask(self, exchange: Exchange) -> None:
        """Put the exchange's prompt to its model and feed the answer into it as it streams.

        Raises ``ProviderError`` with a failure that names the fix. Returns when the answer ended or the exchange wants
        no more; the stream's connection is closed on every way out, cancellation included.
        """
        ...

    async def warm(self) -> None:
        """Open the client and what it needs, so that the first request does not pay for it."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


def load(endpoint: Endpoint) -> Provider:
    """Open the provider that ``endpoint.type`` names; its vendor's SDK is imported here and not before."""
    module = import_module(f".{endpoint.type}", __name__)
    provider: Provider = module.open(endpoint)
    return provider
