"""Many prompts sent at once and answered within a day, for less: what the vendors' batch interfaces have in common."""

import json
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from tierwise.core.exchange import Exchange
from tierwise.core.prompt import Chat, Limits
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError, Usage
from tierwise.providers import Endpoint

from . import Api, Body, Told
from .connection import Errors
from .failures import STATUSES, TYPES, malformed, of_status

if TYPE_CHECKING:
    from httpx2 import Response

MOST_ENTRIES = 10_000
MOST_BYTES = 100_000_000
"""Of one batch, a tenth and half of what the vendors take at the most; what is more goes into a second batch."""

_STREAMING = frozenset({"stream", "stream_options"})
_LABEL = re.compile(r"[\w.-]{1,64}")


class WholeApi(Api, Protocol):
    """An interface that also answers at once."""

    def whole(self, body: Body, told: Told) -> str:
        """Return the text of an answer that was not streamed, and note in ``told`` what else it tells.

        Raises ``KeyError``, ``TypeError`` or ``AttributeError`` where it is not of the interface's shape.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One prompt of a batch. ``name`` is made of all that is asked of whom: the same prompt has it in every process."""

    name: str
    model: str
    path: str
    body: Body

    @property
    def size(self) -> int:
        """Bytes of its body, about."""
        return len(json.dumps(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an entry; ``usage`` is what it cost, also where it failed."""

    name: str
    text: str = ""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = Finish.STOP
    resolved: str = ""
    failure: Failure | None = None

    def fill(self, exchange: Exchange) -> None:
        """Put it into the exchange that waited for it; raises ``ProviderError`` where there is no answer."""
        exchange.sent = True
        exchange.usage, exchange.resolved, exchange.finish = self.usage, self.resolved, self.finish
        if self.failure is not None:
            raise ProviderError(self.failure)
        exchange.text = self.text


class Batches(Protocol):
    """A vendor's batch interface. Every method but ``entry`` raises ``ProviderError``."""

    def entry(self, exchange: Exchange) -> Entry:
        """Return the exchange's prompt as an entry; raises ``ProviderError`` for what cannot be asked in a batch."""
        ...

    async def send(self, entries: Sequence[Entry]) -> str:
        """Begin a batch of entries for one model and path; return its name at the vendor."""
        ...

    async def is_over(self, batch: str) -> bool:
        """Say whether all is answered that will be."""
        ...

    async def answers(self, batch: str) -> list[Answer]:
        """Return what came of the entries of a batch that is over; some may be missing."""
        ...

    async def cancel(self, batch: str) -> None:
        """Have no more of it answered; what is answered already is billed and stays."""
        ...

    async def forget(self, batch: str) -> None:
        """Delete what the vendor keeps of a batch that is over."""
        ...


@runtime_checkable
class Batching(Protocol):
    """A provider whose vendor has a batch interface."""

    @property
    def batches(self) -> Batches:
        """That interface."""
        ...


def entry_of(api: WholeApi, endpoint: Endpoint, exchange: Exchange) -> Entry:
    """Return the exchange's prompt as it goes into a batch."""
    body = {name: value for name, value in api.write(exchange.model, exchange.prompt).items() if name not in _STREAMING}
    told = json.dumps([endpoint.name, endpoint.base_url, api.path, body], sort_keys=True)
    name = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:60]
    return Entry(name=name, model=exchange.model.name, path=api.path, body=body)


def answer_of(endpoint: Endpoint, api: WholeApi, name: str, body: Body) -> Answer:
    """Return what an entry's answer says."""
    told = Told()
    try:
        text = api.whole(body, told)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        message = f"{endpoint.name} sent something in a batch that is not an answer of its interface."
        return Answer(name=name, failure=Failure(kind=FailureKind.MALFORMED, message=message))
    failure = None
    if told.declined is not None:
        message = f"{endpoint.name}/{told.resolved} declined to answer ({told.declined}); another model may not."
        failure = Failure(kind=FailureKind.DECLINED, message=message)
    return Answer(
        name=name,
        text=text,
        usage=told.usage or Usage(),
        finish=told.finish or Finish.STOP,
        resolved=told.resolved,
        failure=failure,
    )


def unanswered(endpoint: Endpoint, name: str, why: str, status: int | None = None) -> Answer:
    """Return that an entry was not answered; ``why`` is the vendor's word for it, which costs nothing."""
    label = why if _LABEL.fullmatch(why) else "an error"
    kind = TYPES.get(label) or STATUSES.get(status or 0, FailureKind.OVERLOADED)
    message = f"{endpoint.name} left an entry of a batch unanswered ({label})."
    return Answer(name=name, failure=Failure(kind=kind, message=message, status=status))


@asynccontextmanager
async def mapped(endpoint: Endpoint, errors: Errors, model: str = "") -> AsyncGenerator[None]:
    """Turn what the SDK or its transport raises into a ``ProviderError``; entries are never quoted."""
    import httpx2

    from tierwise.core.model import Model

    nothing = Chat(system="", messages=(), limits=Limits(max_tokens=0))
    try:
        yield
    except errors.status as error:
        response = cast("Response", cast("Any", error).response)
        asked = Model(name=model or "its batches", provider=endpoint.name, price=None)
        failure = of_status(endpoint, asked, nothing, response.status_code, response.headers, "")
        raise ProviderError(failure) from None
    except (errors.timeout, errors.connection, httpx2.HTTPError):
        message = f"{endpoint.name}'s batch interface cannot be reached."
        raise ProviderError(Failure(kind=FailureKind.UNREACHABLE, message=message)) from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise malformed(f"{endpoint.name} has no batch interface as its vendor's ({type(error).__name__}).") from None


def lines_of(text: str, read: Callable[[Body], Answer]) -> list[Answer]:
    """Return the answers in a file with one JSON object a line."""
    return [read(json.loads(line)) for line in text.splitlines() if line.strip()]
