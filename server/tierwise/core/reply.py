"""What came back from a model: text and usage, or a failure."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call, each kind counted once whatever the vendor's own bookkeeping.

    ``input`` leaves out cached tokens (OpenAI counts them inside, Anthropic beside); ``output`` includes
    ``reasoning``, which is billed as output. ``estimated`` marks counts made by ourselves because the call ended
    before the vendor told its own.
    """

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    reasoning: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        """All tokens that were paid for."""
        return self.input + self.output + self.cache_read + self.cache_write


class Finish(StrEnum):
    """Why a reply ended. ``ENOUGH``: we closed the stream because the answer was complete."""

    STOP = "stop"
    LENGTH = "length"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A model's answer; ``resolved`` is the model's name as the provider gave it back."""

    text: str
    usage: Usage
    finish: Finish
    resolved: str


class FailureKind(StrEnum):
    """What went wrong with a call, in the words that decide what to do next."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    OFFLINE = "offline"
    """This machine has no way to any server beyond itself."""
    REFUSED = "refused"
    """The vendor said no for good: key, permission, unknown model, invalid request."""
    SILENT = "silent"
    """Asked and not sure enough to speak, which costs nothing: the local tier's way to leave it to the next rung."""
    DECLINED = "declined"
    """The model itself would not answer."""
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    MALFORMED = "malformed"
    CANCELLED = "cancelled"


class Reach(StrEnum):
    """Of whom a failure says something."""

    MODEL = "model"
    ENDPOINT = "endpoint"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a call brought no reply; ``message`` names the fix and never holds a key, prompt or code.

    ``retry_after`` is in seconds, as the vendor asked.
    """

    kind: FailureKind
    message: str
    retry_after: float | None = None
    status: int | None = None

    @property
    def reach(self) -> Reach:
        """Whether it is about one model, about all that its endpoint serves, or about this machine's network."""
        if self.kind is FailureKind.OFFLINE:
            return Reach.NETWORK
        if self.kind is FailureKind.UNREACHABLE or self.status in {401, 402}:
            return Reach.ENDPOINT
        return Reach.MODEL


class ProviderError(Exception):
    """Raised by providers only; the cascade turns it into an attempt."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
