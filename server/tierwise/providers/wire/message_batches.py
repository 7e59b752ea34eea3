"""Anthropic's Message Batches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from tierwise.core.exchange import Exchange
from tierwise.providers import Endpoint

from . import Body
from .batch import Answer, Entry, answer_of, entry_of, mapped, unanswered
from .connection import Errors
from .messages import Messages

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic


class MessageBatches:
    """``/v1/messages/batches``: entries go in one request, answers come as lines of JSON. See ``Batches``."""

    def __init__(self, endpoint: Endpoint, client: "AsyncAnthropic", errors: Errors, headers: Body) -> None:
        self._endpoint = endpoint
        self._client = client
        self._errors = errors
        self._headers = headers
        self._api = Messages()

    def entry(self, exchange: Exchange) -> Entry:
        """See ``Batches.entry``."""
        return entry_of(self._api, self._endpoint, exchange)

    async def send(self, entries: Sequence[Entry]) -> str:
        """See ``Batches.send``."""
        requests: Any = [{"custom_id": entry.name, "params": entry.body} for entry in entries]
        async with mapped(self._endpoint, self._errors, entries[0].model):
            made = await self._client.messages.batches.create(requests=requests, extra_headers=self._headers)
            return made.id

    async def is_over(self, batch: str) -> bool:
        """See ``Batches.is_over``."""
        async with mapped(self._endpoint, self._errors):
            found = await self._client.messages.batches.retrieve(batch, extra_headers=self._headers)
            return found.processing_status == "ended"

    async def answers(self, batch: str) -> list[Answer]:
        """See ``Batches.answers``."""
        async with mapped(self._endpoint, self._errors):
            lines = await self._client.messages.batches.results(batch, extra_headers=self._headers)
            return [self._answer(line.to_dict()) async for line in lines]

    async def cancel(self, batch: str) -> None:
        """See ``Batches.cancel``."""
        async with mapped(self._endpoint, self._errors):
            await self._client.messages.batches.cancel(batch, extra_headers=self._headers)

    async def forget(self, batch: str) -> None:
        """See ``Batches.forget``."""
        async with mapped(self._endpoint, self._errors):
            await self._client.messages.batches.delete(batch, extra_headers=self._headers)

    def _answer(self, line: dict[str, object]) -> Answer:
        name, result = str(line["custom_id"]), cast("Body", line["result"])
        if result["type"] == "succeeded":
            return answer_of(self._endpoint, self._api, name, result["message"])
        error = cast("Body", cast("Body", result.get("error") or {}).get("error") or {})
        return unanswered(self._endpoint, name, str(error.get("type") or result["type"]))
