"""Settings of who can answer: tiers, providers, models."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from tierwise.core.model import Price, Skills

from .section import ModelRef, Section
from .values import AbsolutePath, Day, Dollars, HeaderName, HeaderValue, Secret, Url, VariableName


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
    base_url: Url | None = Field(
        default=None,
        description="Address of the server, up to and including its version. Without it, the vendor's own.",
        examples=["http://127.0.0.1:11434/v1"],
    )
    key_env: VariableName | None = Field(
        default=None,
        description="Name of the environment variable that holds the key. The key itself never stands in a file.",
        examples=["ANTHROPIC_API_KEY"],
    )
    key: SkipJsonSchema[Secret | None] = Field(
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
    concurrency: int = Field(
        default=16,
        ge=1,
        le=1000,
        description="Requests that may be under way there at once; further ones go to another model, or wait.",
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
    as_of: Day | None = Field(
        default=None, description="Day on which the price was read, shown in reports.", examples=["2026-11-23"]
    )

    def over(self, price: Price | None) -> Price | None:
        """Return the catalogue's price corrected by this one, or None where input or output stay unknown.

        Who says what reading or writing costs says it for prompts of any length.
        """
        mine = _given(self, *PriceSettings.model_fields)
        if price is not None and self.input is None and self.output is None:
            return replace(price, **mine)
        theirs: dict[str, Any] = {}
        if price is not None:
            theirs["output"] = price.output
        if price is not None and self.input is None:
            theirs |= {"input": price.input, "cache_read": price.cache_read, "cache_write": price.cache_write}
        known = theirs | mine
        if "input" not in known or "output" not in known:
            return None
        defaults: dict[str, Any] = {"cache_read": known["input"], "cache_write": known["input"], "as_of": ""}
        return Price(**(defaults | known))


class SkillSettings(Section):
    """What a model can be asked; what is left out comes from the catalogue."""

    api: Literal["chat", "responses"] | None = Field(
        default=None, description="Which of OpenAI's interfaces serves it: Chat Completions or Responses."
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
    cache_from: int | None = Field(
        default=None, ge=0, description="Tokens that a prompt's beginning must have to be cached."
    )
    cache_for: float | None = Field(
        default=None, gt=0, description="Seconds for which the vendor keeps what it has cached, from its last use."
    )
    limit: Literal["max_tokens", "max_completion_tokens"] | None = Field(
        default=None, description="The parameter that bounds its answer."
    )
    effort: str | None = Field(
        default=None,
        description="How hard it shall think: `none` for not at all, otherwise in its vendor's words.",
        examples=["none", "low", "medium", "high"],
    )
    reserve: int | None = Field(
        default=None, ge=0, description="Tokens granted for thinking on top of the answer's own."
    )
    edit: Literal["blocks", "diff", "json_edits"] | None = Field(
        default=None,
        description="How it writes changes best: search and replace `blocks`, a unified `diff`, or `json_edits` by a "
        "schema.",
    )

    def over(self, skills: Skills) -> Skills:
        """Return the catalogue's skills corrected by these."""
        same = [name for name in SkillSettings.model_fields if name not in ("fim", "structured")]
        return replace(
            skills,
            fim=skills.fim if self.fim is None else self.fim or None,
            json=skills.json if self.structured is None else self.structured,
            **_given(self, *same),
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


def _given(section: Section, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(section, name)) is not None}
