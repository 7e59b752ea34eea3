"""What every interface must be able to say, and how its events look on the wire."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol, cast

from tierwise.core.reply import Usage

from .script import Cue

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for beside its prompt; ``cached`` is the prefix it wants in the vendor's prompt cache."""

    cue: Cue
    stream: bool
    limit: int | None
    stops: tuple[str, ...]
    cached: str = ""
    numbers: Iterator[int] = field(default_factory=count)
    """Numbers the events of the answer, where its interface does."""


class Voice(Protocol):
    """One interface of one vendor."""

    def hear(self, body: Body) -> Asked:
        """Read a request's body; raises ``KeyError`` or ``TypeError`` where it is not one."""
        ...

    def opening(self, asked: Asked, model: str, usage: Usage) -> bytes:
        """Return the events before the first token."""
        ...

    def piece(self, asked: Asked, model: str, text: str) -> bytes:
        """Return the event that brings one token."""
        ...

    def closing(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> bytes:
        """Return the events after the last token."""
        ...

    def whole(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> Body:
        """Return the answer to a request that does not want it streamed."""
        ...

    def error(self, status: int, message: str) -> object:
        """Return the body of an answer with this error status."""
        ...

    def error_event(self, asked: Asked, message: str) -> bytes:
        """Return the event that ends a stream with an error."""
        ...


def compact(body: object) -> bytes:
    """Return the JSON as the vendors send it: no spaces, UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def flat(content: object) -> str:
    """Return a message's text, whether it came as a string or as blocks."""
    if isinstance(content, str):
        return content
    blocks = cast("list[dict[str, Any]]", content) if isinstance(content, list) else []
    return "".join(str(block.get("text", "")) for block in blocks)
