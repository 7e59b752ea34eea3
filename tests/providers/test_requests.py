"""What goes over the wire: each interface's own names for things, and only what the model takes."""

from dataclasses import replace
from typing import Any

import pytest

from tierwise import providers
from tierwise.core.model import Model, Skills
from tierwise.core.prompt import Chat, Fim, Limits, Message, Prompt
from tierwise.providers import Endpoint
from tierwise.providers.catalogue import Catalogue
from tierwise.rehearsal import Line, Rehearsal
from vendors import CHAT, GEMINI, KEY, MESSAGES, MISTRAL, RESPONSES, SUFFIX, TEMPLATE, Way, exchange_for, opened

LIMITS = Limits(max_tokens=100, temperature=0.2, stop=("\n\n", "END"))
ASK = Chat(
    system="You name things.",
    stable="The project.",
    messages=(
        Message(role="user", text="name this"),
        Message(role="assistant", text="foo"),
        Message(role="user", text="better"),
    ),
    limits=LIMITS,
)
HOLE = Fim(prefix="def f(", suffix="):\n", language="python", path="a.py", limits=LIMITS, context="# b.py\nX = 1\n")
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"kind": {"type": "string"}},
    "required": ["kind"],
    "additionalProperties": False,
}


async def body_of(way: Way, prompt: Prompt = ASK, model: str | Model | None = None) -> dict[str, Any]:
    """Return the request's body as the server received it."""
    async with opened(way) as (provider, vendors):
        exchange = exchange_for(way, prompt=prompt)
        if isinstance(model, str):
            exchange.model = Catalogue.load().find(way.provider, way.provider, model)
        elif model is not None:
            exchange.model = model
        await provider.ask(exchange)
        return vendors.requests[0].body


async def test_messages() -> None:
    assert await body_of(MESSAGES) == {
        "model": "claude-haiku-4-5",
        "max_tokens": 100,
        "temperature": 0.2,
        "stop_sequences": ["END"],
        "stream": True,
        "system": [{"type": "text", "text": "You name things."}, {"type": "text", "text": "The project."}],
        "messages": [
            {"role": "user", "content": "name this"},
            {"role": "assistant", "content": "foo"},
            {"role": "user", "content": "better"},
        ],
    }


async def test_chat() -> None:
    assert await body_of(CHAT) == {
        "model": "gpt-4o-mini",
        "max_completion_tokens": 100,
        "temperature": 0.2,
        "stop": ["\n\n", "END"],
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [
            {"role": "system", "content": "You name things.\n\nThe project."},
            {"role": "user", "content": "name this"},
            {"role": "assistant", "content": "foo"},
            {"role": "user", "content": "better"},
        ],
    }


async def test_responses() -> None:
    """Nothing is stored at the vendor's."""
    assert await body_of(RESPONSES) == {
        "model": "gpt-5.3-codex",
        "max_output_tokens": 100 + 8192,
        "reasoning": {"effort": "low"},
        "stream": True,
        "store": False,
        "instructions": "You name things.\n\nThe project.",
        "input": [
            {"role": "user", "content": "name this"},
            {"role": "assistant", "content": "foo"},
            {"role": "user", "content": "better"},
        ],
    }


async def test_a_hole_with_a_suffix() -> None:
    assert await body_of(SUFFIX, HOLE) == {
        "model": "qwen2.5-coder:1.5b",
        "max_tokens": 100,
        "temperature": 0.2,
        "stop": ["\n\n", "END"],
        "stream": True,
        "stream_options": {"include_usage": True},
        "prompt": "# b.py\nX = 1\n\ndef f(",
        "suffix": "):\n",
    }


async def test_a_hole_in_the_models_own_template() -> None:
    body = await body_of(TEMPLATE, HOLE)
    assert body["prompt"] == (
        "<|file_sep|># b.py\nX = 1\n<|file_sep|>a.py\n<|fim_prefix|>def f(<|fim_suffix|>):\n<|fim_middle|>"
    )
    assert body["stop"] == ["\n\n", "END", "<|endoftext|>", "<|file_sep|>"]
    assert "suffix" not in body


async def test_a_hole_at_mistral() -> None:
    async with opened(MISTRAL) as (provider, vendors):
        await provider.ask(exchange_for(MISTRAL, prompt=HOLE))
        request = vendors.requests[0]
    assert request.path == "/v1/fim/completions"
    assert (request.body["prompt"], request.body["suffix"]) == ("# b.py\nX = 1\n\ndef f(", "):\n")


async def test_thinking_is_switched_off_where_the_tier_wants_speed() -> None:
    body = await body_of(MESSAGES, model="claude-haiku-5-5")
    assert body["thinking"] == {"type": "disabled"}
    assert "output_config" not in body
    body = await body_of(CHAT, model="gpt-6-luna")
    assert body["reasoning_effort"] == "none"
    assert body["max_completion_tokens"] == 100


async def test_thinking_has_room_of_its_own_beside_the_answer() -> None:
    """Vendors count it against the limit: a tight one would leave no answer."""
    body = await body_of(MESSAGES, model="claude-sonnet-5-5")
    assert body["output_config"] == {"effort": "low"}
    assert body["max_tokens"] == 100 + 8192
    body = await body_of(GEMINI, model="gemini-3.8-flash")
    assert (body["reasoning_effort"], body["max_tokens"]) == ("low", 100 + 8192)


async def test_the_limit_never_exceeds_what_the_model_can_write() -> None:
    model = Model(
        name="small", provider="openai", price=None, max_output=64, skills=Skills(reserve=4096, limit="max_tokens")
    )
    assert (await body_of(CHAT, model=model))["max_tokens"] == 64


@pytest.mark.parametrize(
    ("way", "model"), [(MESSAGES, "claude-opus-5-5"), (CHAT, "o3"), (GEMINI, "gemini-3.8-flash")], ids=str
)
async def test_what_a_model_does_not_take_is_not_sent(way: Way, model: str) -> None:
    body = await body_of(way, model=model)
    assert "temperature" not in body
    if model == "o3":
        assert "stop" not in body


async def test_the_stable_prefix_is_marked_for_the_cache_where_it_is_long_enough() -> None:
    long = replace(ASK, stable="def known(): ...\n" * 400)
    body = await body_of(MESSAGES, long, model="claude-sonnet-4-6")
    assert [block.get("cache_control") for block in body["system"]] == [None, {"type": "ephemeral"}]
    body = await body_of(MESSAGES, ASK, model="claude-sonnet-4-6")
    assert [block.get("cache_control") for block in body["system"]] == [None, None]


async def test_a_second_call_with_the_same_prefix_is_read_from_the_cache() -> None:
    long = replace(ASK, stable="def known(): ...\n" * 400)
    async with opened(MESSAGES) as (provider, _):
        usages = []
        for _ in range(2):
            exchange = exchange_for(MESSAGES, prompt=long)
            exchange.model = Catalogue.load().find("anthropic", "anthropic", "sonnet")
            await provider.ask(exchange)
            usages.append(exchange.reply().usage)
    first, second = usages
    assert first.cache_write == second.cache_read > 1000
    assert first.cache_read == second.cache_write == 0


async def test_a_schema_in_each_interfaces_words() -> None:
    asked = replace(ASK, schema=SCHEMA)
    assert (await body_of(MESSAGES, asked))["output_config"] == {"format": {"type": "json_schema", "schema": SCHEMA}}
    named = {"name": "answer", "schema": SCHEMA, "strict": True}
    assert (await body_of(CHAT, asked))["response_format"] == {"type": "json_schema", "json_schema": named}
    assert (await body_of(RESPONSES, asked))["text"] == {"format": {"type": "json_schema", **named}}


async def test_a_schema_is_strict_only_if_it_meets_what_strictness_asks() -> None:
    loose: dict[str, object] = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "object"}}}
    body = await body_of(CHAT, replace(ASK, schema=loose))
    assert body["response_format"]["json_schema"]["strict"] is False


@pytest.mark.parametrize("way", [MESSAGES, CHAT, GEMINI], ids=str)
async def test_the_key_and_the_users_headers_are_sent(way: Way) -> None:
    async with Rehearsal() as vendors:
        endpoint = Endpoint(
            name=way.provider, type=way.provider, base_url=way.url(vendors), key=KEY, headers={"X-Team": "editor"}
        )
        provider = providers.load(endpoint)
        await provider.ask(exchange_for(way))
        await provider.close()
    headers = vendors.requests[0].headers
    assert KEY in {headers.get("authorization", "").removeprefix("Bearer "), headers.get("x-api-key")}
    assert headers["x-team"] == "editor"


async def test_openais_account_does_not_reach_another_vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would send all of these along to any address."""
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-the-other-key")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway: gateway-secret\nAuthorization: Bearer gateway-key")
    async with opened(GEMINI) as (provider, vendors):
        await provider.ask(exchange_for(GEMINI))
    headers = vendors.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert not any("secret" in value.replace(KEY, "") or "the-other" in value for value in headers.values())


async def test_openais_own_endpoint_keeps_the_accounts_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    async with opened(CHAT) as (provider, vendors):
        await provider.ask(exchange_for(CHAT))
    assert vendors.requests[0].headers["openai-organization"] == "org-mine"


async def test_a_proxy_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with opened(TEMPLATE, Line(text="ok")) as (provider, _):
        exchange = exchange_for(TEMPLATE)
        await provider.ask(exchange)
    assert exchange.text == "ok"
