"""One call to a model as it happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from .model import Model
from .prompt import Prompt, estimate_tokens, prompt_tokens
from .reply import Finish, Reply, Usage


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What one call has brought so far, readable however the call ends: answered, failed, cancelled or stopped early.

    A provider feeds it (``say``, ``usage``, ``resolved``, ``finish``); whoever started the call reads it. ``enough``
    is asked after each piece with all the text so far, and a true answer ends the stream. ``follow`` is told of each
    piece, for those who want to know before the end what the answer will be.
    """

    model: Model
    prompt: Prompt
    enough: Callable[[str], bool] | None = None
    follow: "Callable[[Exchange], None] | None" = None
    started: float = field(default_factory=perf_counter)
    first_token: float | None = None
    text: str = ""
    usage: Usage | None = None
    resolved: str = ""
    finish: Finish = Finish.STOP
    sent: bool = False
    """Whether the request left us: what was never sent costs nothing."""
    rest: float | None = None
    """Seconds for which the vendor said that it would take no further request of this model."""

    def say(self, piece: str) -> bool:
        """Take one streamed piece; return False when no more is wanted and the provider must close the stream."""
        if not piece:
            return True
        if self.first_token is None:
            self.first_token = perf_counter() - self.started
        self.text += piece
        if self.follow is not None:
            self.follow(self)
        if self.enough is not None and self.enough(self.text):
            self.finish = Finish.ENOUGH
            return False
        return True

    def paid(self) -> Usage:
        """Return the provider's usage, or where the call ended before it told, our marked estimate."""
        if self.usage is not None:
            return self.usage
        if not self.sent:
            return Usage()
        return Usage(input=prompt_tokens(self.prompt), output=estimate_tokens(self.text), estimated=True)

    def reply(self) -> Reply:
        """Return the finished answer."""
        return Reply(text=self.text, usage=self.paid(), finish=self.finish, resolved=self.resolved or self.model.name)
