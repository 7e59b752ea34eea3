"""OpenAI and every server that speaks its interfaces, through its SDK."""

from typing import TYPE_CHECKING

from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.prompt import Fim, Prompt

from . import Endpoint
from .wire import Api
from .wire.call import Line, call
from .wire.chat import ChatCompletions
from .wire.client import checked_url, http_client, key_of, own_headers, poster, quiet
from .wire.completions import Completions, MistralFim
from .wire.connection import Errors
from .wire.file_batches import FileBatches
from .wire.responses import Responses

if TYPE_CHECKING:
    from openai import AsyncOpenAI

ADDRESS = "https://api.openai.com/v1"


class OpenAI:
    """One endpoint that speaks OpenAI's interfaces; the model's skills say which."""

    def __init__(self, line: Line, client: "AsyncOpenAI", batches: FileBatches) -> None:
        self._line = line
        self._client = client
        self._chat, self._responses = ChatCompletions(), Responses()
        self._completions, self._mistral = Completions(), MistralFim()
        self.batches = batches

    async def ask(self, exchange: Exchange) -> None:
        """See ``Provider.ask``."""
        await call(self._line, self._api(exchange.model, exchange.prompt), exchange)

    async def warm(self) -> None:
        """Open a connection by asking for the list of models, which costs nothing; what comes back does not matter."""
        import httpx2
        import openai

        try:
            await self._client.get("/models", cast_to=httpx2.Response)
        except (openai.APIError, httpx2.HTTPError):
            pass  # the first request will tell the user what is wrong

    async def close(self) -> None:
        """See ``Provider.close``."""
        await self._client.close()

    def _api(self, model: Model, prompt: Prompt) -> Api:
        if isinstance(prompt, Fim):
            return self._mistral if model.skills.fim == "mistral" else self._completions
        return self._responses if model.skills.api == "responses" else self._chat


def open(endpoint: Endpoint) -> OpenAI:  # noqa: A001 - the room's word
    """Import the SDK and build its client; raises ``ProviderError``."""
    return connect(endpoint, ADDRESS)


def connect(endpoint: Endpoint, address: str) -> OpenAI:
    """Build a client for the endpoint, at ``address`` where it names none; raises ``ProviderError``."""
    key, url = key_of(endpoint), checked_url(endpoint, address)
    import openai

    quiet()
    client = openai.AsyncOpenAI(
        api_key=key,
        base_url=url,
        max_retries=0,
        timeout=(http := http_client(endpoint)).timeout,
        default_headers=dict(endpoint.headers),
        http_client=http,
    )
    if endpoint.name != "openai":
        client.organization = client.project = None  # the SDK takes them from the environment, for OpenAI's own only
    headers = own_headers(endpoint, "openai", key, openai.Omit())
    post = poster(client, openai.AsyncStream[object], headers)
    errors = Errors(status=openai.APIStatusError, timeout=openai.APITimeoutError, connection=openai.APIConnectionError)
    batches = FileBatches(endpoint, client, errors, headers)
    return OpenAI(Line(endpoint=endpoint, post=post, errors=errors), client, batches)
