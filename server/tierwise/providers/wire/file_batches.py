"""OpenAI's Batch API, where entries and answers are files."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from tierwise.core.exchange import Exchange
from tierwise.core.prompt import Fim
from tierwise.core.reply import ProviderError
from tierwise.providers import Endpoint

from . import Body
from .batch import Answer, Entry, WholeApi, answer_of, entry_of, lines_of, mapped, unanswered
from .chat import ChatCompletions
from .connection import Errors
from .failures import refused
from .responses import Responses

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OVER = frozenset({"completed", "failed", "expired", "cancelled"})


class FileBatches:
    """``/v1/files`` and ``/v1/batches``. See ``Batches``."""

    def __init__(self, endpoint: Endpoint, client: "AsyncOpenAI", errors: Errors, headers: Body) -> None:
        self._endpoint = endpoint
        self._client = client
        self._errors = errors
        self._headers = headers
        self._chat, self._responses = ChatCompletions(), Responses()

    def entry(self, exchange: Exchange) -> Entry:
        """See ``Batches.entry``."""
        if isinstance(exchange.prompt, Fim):
            raise refused(f"{exchange.model.ref} fills no holes in a batch.")
        return entry_of(
            self._responses if exchange.model.skills.api == "responses" else self._chat, self._endpoint, exchange
        )

    async def send(self, entries: Sequence[Entry]) -> str:
        """See ``Batches.send``."""
        path: Any = f"/v1{entries[0].path}"
        lines = (
            {"custom_id": entry.name, "method": "POST", "url": f"/v1{entry.path}", "body": entry.body}
            for entry in entries
        )
        data = "".join(json.dumps(line) + "\n" for line in lines).encode()
        async with mapped(self._endpoint, self._errors, entries[0].model):
            file = await self._client.files.create(
                file=("entries.jsonl", data), purpose="batch", extra_headers=self._headers
            )
            made = await self._client.batches.create(
                completion_window="24h", endpoint=path, input_file_id=file.id, extra_headers=self._headers
            )
            return made.id

    async def is_over(self, batch: str) -> bool:
        """See ``Batches.is_over``."""
        async with mapped(self._endpoint, self._errors):
            found = await self._client.batches.retrieve(batch, extra_headers=self._headers)
            return found.status in OVER

    async def answers(self, batch: str) -> list[Answer]:
        """See ``Batches.answers``; answers and errors are in a file each."""
        async with mapped(self._endpoint, self._errors):
            found = await self._client.batches.retrieve(batch, extra_headers=self._headers)
            answers: list[Answer] = []
            for file in (found.output_file_id, found.error_file_id):
                if file is not None:
                    content = await self._client.files.content(file, extra_headers=self._headers)
                    answers += lines_of(content.text, self._answer)
            return answers

    async def cancel(self, batch: str) -> None:
        """See ``Batches.cancel``."""
        async with mapped(self._endpoint, self._errors):
            await self._client.batches.cancel(batch, extra_headers=self._headers)

    async def forget(self, batch: str) -> None:
        """See ``Batches.forget``: the files go, the record of the batch stays for the vendor's bills."""
        async with mapped(self._endpoint, self._errors):
            found = await self._client.batches.retrieve(batch, extra_headers=self._headers)
        for file in (found.input_file_id, found.output_file_id, found.error_file_id):
            if file is not None:
                with suppress(ProviderError):  # it goes by itself after a month
                    async with mapped(self._endpoint, self._errors):
                        await self._client.files.delete(file, extra_headers=self._headers)

    def _answer(self, line: Body) -> Answer:
        name, response = str(line["custom_id"]), cast("Body", line.get("response") or {})
        body = cast("Body", response.get("body") or {})
        status = response.get("status_code")
        if status == 200:
            return answer_of(self._endpoint, self._api_of(body), name, body)
        error = cast("Body", line.get("error") or body.get("error") or {})
        return unanswered(self._endpoint, name, str(error.get("code") or error.get("type") or "an error"), status)

    def _api_of(self, body: Body) -> WholeApi:
        return self._responses if body.get("object") == "response" else self._chat
