"""What a model is asked, in the two shapes models take."""

from dataclasses import dataclass, field

from .document import Document
from .text import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn; ``role`` is ``user`` or ``assistant``."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far an answer may go. ``temperature`` None leaves the model's default."""

    max_tokens: int
    temperature: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fim:
    """A hole to fill: the text before and after it, and what else is known, most stable first.

    What follows ``context`` is for a provider that works in this process, and never sent: the document itself, the
    place in it, what is selected there, the workspace's root and the kind of the task.
    """

    prefix: str
    suffix: str
    language: str
    path: str
    limits: Limits
    context: str = ""
    document: Document | None = field(default=None, repr=False)
    place: Position | None = None
    selection: str = ""
    root: str = ""
    kind: str = "autocomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A conversation. ``system`` and ``stable`` come first and stay the same between calls, so that the vendors'
    prompt caches hit; ``schema`` is a JSON schema the answer must follow.
    """

    system: str
    messages: tuple[Message, ...]
    limits: Limits
    stable: str = ""
    schema: dict[str, object] | None = None


Prompt = Fim | Chat

CHARACTERS_PER_TOKEN = 3.6
"""English and code in today's vendors' tokenizers, rounded down so that an estimate errs on the dear side."""


def estimate_tokens(text: str) -> int:
    """Return about how many tokens the text is; used before a call and where a cut stream left no count."""
    return int(len(text) / CHARACTERS_PER_TOKEN + 0.999)


def prompt_tokens(prompt: Prompt) -> int:
    """Return about how many tokens the prompt is."""
    if isinstance(prompt, Fim):
        return estimate_tokens(prompt.context + prompt.prefix + prompt.suffix)
    return estimate_tokens(prompt.system + prompt.stable) + sum(estimate_tokens(turn.text) for turn in prompt.messages)
