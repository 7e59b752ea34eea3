"""The vendors' interfaces: how a prompt is written for each and how its answer is read, whoever serves it."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

from tierwise.core.model import Model
from tierwise.core.prompt import Prompt, estimate_tokens
from tierwise.core.reply import Finish, Usage

Body = dict[str, Any]
"""A JSON object as it goes over the wire."""


@dataclass(slots=True, kw_only=True)
class Told:
    """What a streamed answer has told so far beside its text."""

    resolved: str = ""
    finish: Finish | None = None
    """Set when the model itself ended the answer."""
    over: bool = False
    """The interface's own last word was read: nothing of interest follows."""
    declined: str | None = None
    """Why the model would not answer."""
    usage: Usage | None = None
    final: bool = False
    """Whether ``usage`` is the bill or an interim count."""

    def paid(self, text: str) -> Usage | None:
        """Return the bill; for a stream cut short what the vendor told of it, the output estimated; None if nothing."""
        if self.usage is None or self.final:
            return self.usage
        return replace(self.usage, output=max(self.usage.output, estimate_tokens(text)), estimated=True)


class Api(Protocol):
    """One interface of a vendor."""

    @property
    def path(self) -> str:
        """Where requests go, below the base URL."""
        ...

    def stops(self, model: Model, prompt: Prompt) -> tuple[str, ...]:
        """Return the stop sequences that the interface takes; the caller looks out for the others itself."""
        ...

    def write(self, model: Model, prompt: Prompt) -> Body:
        """Return the request's body."""
        ...

    def read(self, event: Body, told: Told) -> str:
        """Return the piece of text that a streamed event brings, and note in ``told`` what else it tells.

        Raises ``ProviderError`` for an error event; ``KeyError``, ``TypeError`` or ``AttributeError`` where the event
        is not of the interface's shape.
        """
        ...


def granted(model: Model, prompt: Prompt) -> int:
    """Return the tokens the answer may take, with what its model needs for thinking before it."""
    return min(prompt.limits.max_tokens + model.skills.reserve, model.max_output)
