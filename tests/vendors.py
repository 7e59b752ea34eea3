"""The vendors as tests know them: each way to ask, pointed at a rehearsal."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tierwise import providers
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.prompt import Chat, Fim, Limits, Message, Prompt
from tierwise.providers import Endpoint, Provider
from tierwise.providers.catalogue import Catalogue
from tierwise.rehearsal import Line, Rehearsal, Rule
from tierwise.rehearsal.script import by_rules

KEY = "sk-secret-0123456789abcdef"

SECRET_CODE = "def launch_the_unannounced_product(): ..."
"""Stands in prompts; nothing that a user or a log gets to see may repeat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One interface of one provider with a model that uses it."""

    name: str
    provider: str
    model: str
    url: Callable[[Rehearsal], str]
    fim: bool = False

    def __str__(self) -> str:
        return self.name


def _openai(vendors: Rehearsal) -> str:
    return vendors.url_openai


MESSAGES = Way(
    name="messages", provider="anthropic", model="claude-haiku-4-5", url=lambda vendors: vendors.url_anthropic
)
CHAT = Way(name="chat", provider="openai", model="gpt-4o-mini", url=_openai)
RESPONSES = Way(name="responses", provider="openai", model="gpt-5.3-codex", url=_openai)
GEMINI = Way(name="gemini", provider="gemini", model="gemini-2.5-flash", url=lambda vendors: vendors.url_gemini)
SUFFIX = Way(name="suffix", provider="ollama", model="qwen2.5-coder:1.5b", url=_openai, fim=True)
TEMPLATE = Way(name="template", provider="llamacpp", model="qwen2.5-coder-1.5b", url=_openai, fim=True)
MISTRAL = Way(name="mistral", provider="mistral", model="codestral-latest", url=_openai, fim=True)

WAYS = (MESSAGES, CHAT, RESPONSES, GEMINI, SUFFIX, TEMPLATE, MISTRAL)


def model_of(way: Way) -> Model:
    """Return the way's model as the catalogue has it."""
    return Catalogue.load().find(way.provider, type_of(way), way.model)


def type_of(way: Way) -> str:
    """Return the provider's type."""
    return way.provider if way.provider in {"anthropic", "openai", "gemini"} else "openai"


def endpoint(way: Way, vendors: Rehearsal, *, timeout: float = 5.0, key: str | None = KEY) -> Endpoint:
    """Return the way's endpoint at the rehearsal."""
    return Endpoint(name=way.provider, type=type_of(way), base_url=way.url(vendors), key=key, timeout=timeout)


def prompt_for(way: Way, *, max_tokens: int = 200, stop: tuple[str, ...] = ()) -> Prompt:
    """Return a prompt of the shape the way takes, with code in it that must not leak."""
    limits = Limits(max_tokens=max_tokens, temperature=0.0, stop=stop)
    if way.fim:
        return Fim(prefix=SECRET_CODE, suffix="\nend\n", language="python", path="src/a.py", limits=limits)
    return Chat(system="Be brief.", messages=(Message(role="user", text=SECRET_CODE),), limits=limits)


def exchange_for(
    way: Way,
    *,
    max_tokens: int = 200,
    stop: tuple[str, ...] = (),
    enough: Callable[[str], bool] | None = None,
    prompt: Prompt | None = None,
) -> Exchange:
    """Return an exchange with the way's model."""
    return Exchange(
        model=model_of(way), prompt=prompt or prompt_for(way, max_tokens=max_tokens, stop=stop), enough=enough
    )


@asynccontextmanager
async def opened(
    way: Way, line: Line | None = None, *, timeout: float = 5.0, rules: tuple[Rule, ...] = ()
) -> AsyncIterator[tuple[Provider, Rehearsal]]:
    """Open the way's provider beside a rehearsal that speaks ``line``, or by ``rules``."""
    async with Rehearsal(by_rules(rules, line)) as vendors:
        provider = providers.load(endpoint(way, vendors, timeout=timeout))
        try:
            yield provider, vendors
        finally:
            await provider.close()
