"""Anthropic's Messages, through its SDK."""

from typing import TYPE_CHECKING

from tierwise.core.exchange import Exchange

from . import Endpoint
from .wire.call import Line, call
from .wire.client import checked_url, http_client, key_of, own_headers, poster, quiet
from .wire.connection import Errors
from .wire.message_batches import MessageBatches
from .wire.messages import Messages

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ADDRESS = "https://api.anthropic.com"


class Anthropic:
    """One endpoint that speaks Messages."""

    def __init__(self, line: Line, client: "AsyncAnthropic", batches: MessageBatches) -> None:
        self._line = line
        self._client = client
        self._api = Messages()
        self.batches = batches

    async def ask(self, exchange: Exchange) -> None:
        """See ``Provider.ask``."""
        await call(self._line, self._api, exchange)

    async def warm(self) -> None:
        """Open a connection by asking for the list of models, which costs nothing; what comes back does not matter."""
        import anthropic
        import httpx2

        try:
            await self._client.get("/v1/models", cast_to=httpx2.Response)
        except (anthropic.APIError, httpx2.HTTPError):
            pass  # the first request will tell the user what is wrong

    async def close(self) -> None:
        """See ``Provider.close``."""
        await self._client.close()


def open(endpoint: Endpoint) -> Anthropic:  # noqa: A001 - the room's word
    """Import the SDK and build its client; raises ``ProviderError``."""
    # Other vendors' addresses end in /v1, this SDK adds it itself; both ways of writing it shall work.
    key, url = key_of(endpoint), checked_url(endpoint, ADDRESS).rstrip("/").removesuffix("/v1")
    import anthropic

    quiet()
    client = anthropic.AsyncAnthropic(
        api_key=key,
        base_url=url,
        max_retries=0,
        timeout=(http := http_client(endpoint)).timeout,
        default_headers=dict(endpoint.headers),
        http_client=http,
        open_telemetry=False,
    )
    headers = own_headers(endpoint, "anthropic", key, anthropic.Omit())
    post = poster(client, anthropic.AsyncStream[object], headers)
    errors = Errors(
        status=anthropic.APIStatusError, timeout=anthropic.APITimeoutError, connection=anthropic.APIConnectionError
    )
    batches = MessageBatches(endpoint, client, errors, headers)
    return Anthropic(Line(endpoint=endpoint, post=post, errors=errors), client, batches)
