"""Settings of who can answer: tiers, providers, models."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic.json_schema import SkipJsonSchema

from tierwise.core.model import Price, Skills

from .section import Known, ModelRef, Section, wrong

ENVIRONMENT_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_KEY_PREFIXES = ("sk-", "sk_", "AIza", "gsk_", "hf_", "xai-", "Bearer ")
_SECRET_HEADERS = ("authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie")
_KEY_FIX = (
    'Put the key into an environment variable and name that here: key_env = "NAME". '
    "An editor may hand over a key of its secret store in the initialization options."
)


def _as_date(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _iso(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise wrong(f'"{value}" is not a date', "Write year, month and day: 2026-11-23.") from None


def absolute(value: str) -> str:
    """Return the path with ``~`` expanded; refuses a relative one, which would mean another file in each directory."""
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise wrong("there is no such user's home directory", "Write the whole path.") from None
    if not path.is_absolute() or "\0" in value:
        raise wrong(f"{value!r} is not an absolute path", "Write the whole path, or one that begins with ~/.")
    return str(path)


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", value):
        raise wrong("this is not a URL", 'Write it with its scheme and host: "https://api.example.com/v1".')
    if parts.username is not None or parts.password is not None:
        raise wrong("a URL must not hold a user name or password", "Name the key's environment variable in key_env.")
    return value.rstrip("/")


def _environment_name(value: str) -> str:
    if value.startswith(_KEY_PREFIXES) or not re.fullmatch(ENVIRONMENT_NAME, value):
        raise wrong(
            "this is not the name of an environment variable (is it the key itself?)",
            'Write the name of the variable that holds the key: key_env = "ANTHROPIC_API_KEY".',
        )
    return value


def _from_secret_store(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if isinstance(info.context, Known) and not info.context.may_hold_secrets:
        raise wrong("a key must not stand in a file or in the editor's settings", _KEY_FIX)
    return value


def _header(value: str, info: ValidationInfo) -> str:
    if re.search(r"[\r\n\0]", value):
        raise wrong("a header's value is one line", "Remove the line breaks.")
    return value


def _header_name(value: str, info: ValidationInfo) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        raise wrong("this is not the name of a header", 'Write a name such as "X-Team".')
    if isinstance(info.context, Known) and not info.context.may_hold_secrets and value.lower() in _SECRET_HEADERS:
        raise wrong("a header that holds a key must not stand in a file or in the editor's settings", _KEY_FIX)
    return value


def _provider_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", value):
        raise wrong("this is not a provider's name", "Use letters, digits, dots, dashes and underscores, 64 at most.")
    return value


AbsolutePath = Annotated[str, AfterValidator(absolute)]
Dollars = Annotated[float, Field(ge=0)]
ProviderName = Annotated[str, AfterValidator(_provider_name)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[str, AfterValidator(_header)]


class TierSettings(Section):
    """A class of models, tried in order."""

    models: Annotated[tuple[ModelRef, ...], Field(min_length=1, strict=False)] = Field(
        default=(),
        description="Models of this tier as `provider/model`, in the order to try them. "
        "Without any, those that are found on this machine.",
        examples=[["anthropic/claude-haiku-4-5", "ollama/qwen2.5-coder:7b"]],
    )


class ProviderSettings(Section):
    """Where models are asked."""

    type: Literal["anthropic", "openai", "gemini", "local", "fake"] = Field(
        default="openai",
        description="How it is spoken to. `openai` is understood by most servers: Ollama, llama.cpp, vLLM, LM Studio, "
        "LiteLLM, OpenRouter. `local` asks nobody: it predicts from the workspace. `fake` replays a script.",
    )
    base_url: Annotated[str, AfterValidator(_url)] | None = Field(
        default=None,
        description="Address of the server, up to and including its version. Without it, the vendor's own.",
        examples=["http://127.0.0.1:11434/v1"],
    )
    key_env: Annotated[str, AfterValidator(_environment_name)] | None = Field(
        default=None,
        description="Name of the environment variable that holds the key. The key itself never stands in a file.",
        examples=["ANTHROPIC_API_KEY"],
    )
    key: SkipJsonSchema[Annotated[SecretStr, AfterValidator(_from_secret_store)] | None] = Field(
        default=None,
        repr=False,
        description="The key itself, handed over by an editor from its secret store in the initialization options.",
    )
    headers: dict[HeaderName, HeaderValue] = Field(
        default_factory=dict,
        repr=False,
        description="Headers sent with each request, for gateways that want them.",
        examples=[{"X-Team": "editor"}],
    )
    timeout: float = Field(
        default=60.0, gt=0, le=3600, description="Seconds without a sign of life until a request counts as failed."
    )
    script: AbsolutePath | None = Field(
        default=None, description="For the type `fake`: the file with its scripted replies."
    )

    def secret(self, env: Mapping[str, str]) -> str | None:
        """Return the key: the one an editor handed over, else the named environment variable's."""
        if self.key is not None:
            return self.key.get_secret_value()
        return env.get(self.key_env) or None if self.key_env else None


class PriceSettings(Section):
    """Dollars per million tokens; what is left out comes from the catalogue."""

    input: Dollars | None = Field(default=None, description="Dollars per million tokens read.")
    output: Dollars | None = Field(default=None, description="Dollars per million tokens written.")
    cache_read: Dollars | None = Field(
        default=None, description="Dollars per million tokens read from the vendor's cache. Without it, as `input`."
    )
    cache_write: Dollars | None = Field(
        default=None, description="Dollars per million tokens written to the vendor's cache. Without it, as `input`."
    )
    as_of: Annotated[str, AfterValidator(_iso), BeforeValidator(_as_date)] | None = Field(
        default=None, description="Day on which the price was read, shown in reports.", examples=["2026-11-23"]
    )

    def over(self, price: Price | None) -> Price | None:
        """Return the catalogue's price corrected by this one, or None where input or output stay unknown."""
        input_, output = _first(self.input, price and price.input), _first(self.output, price and price.output)
        if input_ is None or output is None:
            return None
        read = _first(self.cache_read, price.cache_read if price and self.input is None else input_)
        write = _first(self.cache_write, price.cache_write if price and self.input is None else input_)
        return Price(
            input=input_,
            output=output,
            cache_read=input_ if read is None else read,
            cache_write=input_ if write is None else write,
            as_of=self.as_of or (price.as_of if price else ""),
        )


class SkillSettings(Section):
    """What a model can be asked; what is left out comes from the catalogue."""

    api: str | None = Field(
        default=None, description="Which of the vendor's interfaces serves it, for example `chat` or `responses`."
    )
    fim: str | None = Field(
        default=None,
        description="Fill-in-the-middle: the name of a template, or `suffix` where the server takes the text after the "
        "cursor itself. An empty string switches it off.",
    )
    structured: bool | None = Field(default=None, description="Whether it answers in JSON when asked to.")
    reasoning: bool | None = Field(default=None, description="Whether it thinks before it answers.")
    temperature: bool | None = Field(default=None, description="Whether it takes a temperature.")
    stop: bool | None = Field(default=None, description="Whether it takes stop sequences.")
    prefill: bool | None = Field(default=None, description="Whether the beginning of its answer can be given.")
    cache: bool | None = Field(default=None, description="Whether the vendor caches a prompt's beginning on request.")

    def over(self, skills: Skills) -> Skills:
        """Return the catalogue's skills corrected by these."""
        return Skills(
            api=self.api or skills.api,
            fim=skills.fim if self.fim is None else self.fim or None,
            json=skills.json if self.structured is None else self.structured,
            reasoning=skills.reasoning if self.reasoning is None else self.reasoning,
            temperature=skills.temperature if self.temperature is None else self.temperature,
            stop=skills.stop if self.stop is None else self.stop,
            prefill=skills.prefill if self.prefill is None else self.prefill,
            cache=skills.cache if self.cache is None else self.cache,
        )


class ModelSettings(Section):
    """What the catalogue does not know about a model, or knows wrongly."""

    price: PriceSettings = Field(default=PriceSettings(), description="What it costs.")
    window: int | None = Field(default=None, gt=0, description="Tokens it can read and write in one request.")
    max_output: int | None = Field(default=None, gt=0, description="Tokens it can write in one answer.")
    skills: SkillSettings = Field(default=SkillSettings(), description="What it can be asked.")


PROVIDERS = {
    "local": ProviderSettings(type="local"),
    "anthropic": ProviderSettings(type="anthropic", key_env="ANTHROPIC_API_KEY"),
    "openai": ProviderSettings(type="openai", key_env="OPENAI_API_KEY"),
    "gemini": ProviderSettings(type="gemini", key_env="GEMINI_API_KEY"),
    "ollama": ProviderSettings(type="openai", base_url="http://127.0.0.1:11434/v1"),
    "llamacpp": ProviderSettings(type="openai", base_url="http://127.0.0.1:8080/v1"),
}
"""Providers that need no table: they serve where their key or their server is found. Ports: the programs' defaults."""


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
