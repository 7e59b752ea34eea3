"""What goes wrong on the way comes back as a failure that says what to do, and never repeats a key or a prompt."""

import asyncio
import logging
import socket
from dataclasses import replace

import pytest

from tierwise import providers
from tierwise.core.prompt import Chat, Limits, Message
from tierwise.core.reply import Failure, FailureKind, ProviderError, Usage
from tierwise.providers import Endpoint
from tierwise.rehearsal import Line
from vendors import (
    CHAT,
    GEMINI,
    KEY,
    MESSAGES,
    MISTRAL,
    RESPONSES,
    SECRET_CODE,
    SUFFIX,
    TEMPLATE,
    WAYS,
    Way,
    exchange_for,
    model_of,
    opened,
)

EVERY_WAY = pytest.mark.parametrize("way", WAYS, ids=str)


async def failure_of(way: Way, line: Line, *, timeout: float = 5.0) -> tuple[Failure, Usage]:
    """Return the failure and what was paid for it."""
    async with opened(way, line, timeout=timeout) as (provider, _):
        exchange = exchange_for(way)
        with pytest.raises(ProviderError) as caught:
            await provider.ask(exchange)
    failure = caught.value.failure
    for secret in (KEY, KEY[:8], SECRET_CODE, SECRET_CODE[4:24]):
        assert secret not in failure.message
        assert secret not in repr(failure)
    assert failure.message.endswith((".", ")")) or ":" in failure.message
    return failure, exchange.paid()


STATUSES = [
    (400, FailureKind.REFUSED, "will not take this request"),
    (401, FailureKind.REFUSED, "the key is missing or not valid, set "),
    (403, FailureKind.REFUSED, "may not use"),
    (404, FailureKind.REFUSED, "does not know the model"),
    (408, FailureKind.TIMEOUT, "gave up waiting"),
    (413, FailureKind.REFUSED, "too long"),
    (422, FailureKind.REFUSED, "will not take this request"),
    (429, FailureKind.RATE_LIMITED, "too many requests"),
    (500, FailureKind.OVERLOADED, "overloaded or broken"),
    (502, FailureKind.OVERLOADED, "overloaded or broken"),
    (503, FailureKind.OVERLOADED, "overloaded or broken"),
    (504, FailureKind.TIMEOUT, "gave up waiting"),
    (529, FailureKind.OVERLOADED, "overloaded or broken"),
]


@pytest.mark.parametrize(("status", "kind", "words"), STATUSES, ids=[str(status) for status, *_ in STATUSES])
@pytest.mark.parametrize("way", [MESSAGES, CHAT, RESPONSES, GEMINI, SUFFIX], ids=str)
async def test_an_error_status(way: Way, status: int, kind: FailureKind, words: str) -> None:
    failure, paid = await failure_of(way, Line(fault="status", status=status))
    assert (failure.kind, failure.status) == (kind, status)
    assert words in failure.message
    assert paid.total == 0, "an error is not billed"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (MESSAGES, "ANTHROPIC_API_KEY"),
        (CHAT, "OPENAI_API_KEY"),
        (GEMINI, "GEMINI_API_KEY"),
        (MISTRAL, "providers.mistral.key_env"),
    ],
    ids=str,
)
async def test_a_refused_key_names_where_to_set_it(way: Way, words: str) -> None:
    failure, _ = await failure_of(way, Line(fault="status", status=401, message=f"Incorrect API key: {KEY[:9]}"))
    assert words in failure.message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Fri, 01 Jan 2021 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
async def test_the_wait_that_the_vendor_asks_for_is_passed_on(headers: dict[str, str], seconds: float | None) -> None:
    failure, _ = await failure_of(CHAT, Line(fault="status", status=429, headers=headers))
    assert failure.retry_after == seconds


@EVERY_WAY
async def test_the_sdk_itself_never_tries_again(way: Way) -> None:
    """Whom to ask next is for the cascade to say, at once."""
    async with opened(way, Line(fault="status", status=503)) as (provider, vendors):
        with pytest.raises(ProviderError):
            await provider.ask(exchange_for(way))
        assert len(vendors.requests) == 1


FAULTS = [
    ("error_200", FailureKind.OVERLOADED, "broke off"),
    ("error_event", FailureKind.OVERLOADED, "broke off"),
    ("html", FailureKind.MALFORMED, "web page"),
    ("redirect", FailureKind.REFUSED, "sends requests elsewhere"),
    ("reset", FailureKind.UNREACHABLE, "broke off the connection"),
    ("reset_midway", FailureKind.UNREACHABLE, "broke off the connection"),
    ("hangup", FailureKind.MALFORMED, "in the middle of its answer"),
    ("cut", FailureKind.MALFORMED, "in the middle of its answer"),
    ("empty", FailureKind.MALFORMED, "empty stream"),
    ("garbage", FailureKind.MALFORMED, "empty stream"),
    ("broken_json", FailureKind.MALFORMED, "not an answer of its interface"),
    ("strange_json", FailureKind.MALFORMED, "not an answer of its interface"),
    ("invalid_utf8", FailureKind.MALFORMED, "not an answer of its interface"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), FAULTS, ids=[fault for fault, *_ in FAULTS])
@EVERY_WAY
async def test_a_fault_on_the_way(way: Way, fault: str, kind: FailureKind, words: str) -> None:
    failure, _ = await failure_of(way, Line(text="some words that never get to their end", fault=fault, pause=0.002))
    assert failure.kind is kind
    assert words in failure.message
    assert failure.message.startswith(way.provider)


@EVERY_WAY
async def test_an_answer_cut_in_the_middle_is_paid_for(way: Way) -> None:
    _, paid = await failure_of(way, Line(text="word " * 40, fault="cut"))
    assert paid.estimated
    assert paid.input > 0
    assert paid.output >= 20


@pytest.mark.parametrize("fault", ["silence", "stall"])
@EVERY_WAY
async def test_silence_ends_in_time(way: Way, fault: str) -> None:
    failure, paid = await failure_of(way, Line(text="a few words", fault=fault), timeout=0.1)
    assert failure.kind is FailureKind.TIMEOUT
    assert "silent for 0.1 s" in failure.message
    assert paid.estimated


@EVERY_WAY
async def test_slow_is_not_silent(way: Way) -> None:
    """The timeout bounds the time without a sign of life, not the answer."""
    async with opened(way, Line(text="a b c d e f g h", pause=0.04), timeout=0.15) as (provider, _):
        exchange = exchange_for(way)
        await provider.ask(exchange)
    assert exchange.text == "a b c d e f g h"


@pytest.mark.parametrize("kind", ["anthropic", "openai", "gemini"])
async def test_a_server_that_is_not_there(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"
    provider = providers.load(Endpoint(name="mine", type=kind, base_url=url, key=KEY))
    exchange = exchange_for({"anthropic": MESSAGES, "openai": CHAT, "gemini": GEMINI}[kind])
    with pytest.raises(ProviderError) as caught:
        await provider.ask(exchange)
    await provider.close()
    assert caught.value.failure.kind is FailureKind.UNREACHABLE
    assert f"mine cannot be reached at {url}" in caught.value.failure.message
    assert exchange.paid().total == 0, "what was never sent costs nothing"


@pytest.mark.parametrize("kind", ["anthropic", "openai", "gemini"])
def test_a_vendor_without_a_key_is_not_even_asked(kind: str) -> None:
    with pytest.raises(ProviderError) as caught:
        providers.load(Endpoint(name=kind, type=kind))
    assert caught.value.failure.kind is FailureKind.REFUSED
    assert f"{kind.upper()}_API_KEY" in caught.value.failure.message


@pytest.mark.parametrize("key", ["sk-naïve", "sk-two\nlines", "sk-\x00"])
def test_a_key_that_cannot_be_sent_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ProviderError, match="characters that no key has") as caught:
        providers.load(Endpoint(name="openai", type="openai", key=key))
    assert key not in str(caught.value)


@pytest.mark.parametrize("url", ["api.openai.com", "ftp://host/v1", "http://", "http://host:x/", "https://host:99999/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ProviderError, match=r"providers\.mine\.base_url"):
        providers.load(Endpoint(name="mine", type="openai", base_url=url))


async def test_a_server_of_ones_own_needs_no_key() -> None:
    async with opened(TEMPLATE) as (_, vendors):
        keyless = providers.load(Endpoint(name="mine", type="openai", base_url=vendors.url_openai))
        await keyless.ask(exchange_for(TEMPLATE))
        await keyless.close()
    assert vendors.requests[0].ended == "finished"


async def test_what_a_vendor_says_is_quoted_only_if_it_repeats_nothing() -> None:
    """A message about the request helps; one that shows the request would carry code into logs."""
    plain, _ = await failure_of(CHAT, Line(fault="status", status=400, message="top_p is not supported here"))
    assert "(top_p is not supported here)" in plain.message
    echo, _ = await failure_of(CHAT, Line(fault="status", status=400, message=f"cannot parse {SECRET_CODE}"))
    assert "cannot parse" not in echo.message
    key, _ = await failure_of(CHAT, Line(fault="status", status=400, message=f"no access for {KEY[-8:]}"))
    assert "no access" not in key.message


async def test_an_account_without_money_is_refused_though_it_comes_as_too_many_requests() -> None:
    """Waiting would not mend it."""
    from tierwise.providers.wire.failures import of_status

    endpoint = Endpoint(name="openai", type="openai", key=KEY)
    body = (
        '{"error": {"message": "You exceeded your quota", "type": "insufficient_quota", "code": "insufficient_quota"}}'
    )
    exchange = exchange_for(CHAT)
    failure = of_status(endpoint, exchange.model, exchange.prompt, 429, {}, body)
    assert failure.kind is FailureKind.REFUSED


async def test_an_address_without_the_interface_is_not_taken_for_an_unknown_model() -> None:
    """Ollama's own address without /v1 answers so."""
    from tierwise.providers.wire.failures import of_status

    endpoint = Endpoint(name="mine", type="openai", base_url="http://127.0.0.1:11434")
    exchange = exchange_for(CHAT)
    failure = of_status(endpoint, exchange.model, exchange.prompt, 404, {}, "404 page not found")
    assert failure.kind is FailureKind.REFUSED
    assert "base_url" in failure.message
    assert "does not know the model" not in failure.message


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
async def test_anthropics_address_may_be_written_with_and_without_its_version(ending: str) -> None:
    async with opened(MESSAGES) as (_, vendors):
        url = vendors.url_anthropic + ending
        provider = providers.load(Endpoint(name="anthropic", type="anthropic", base_url=url, key=KEY))
        await provider.ask(exchange_for(MESSAGES))
        await provider.close()
    assert vendors.requests[0].path == "/v1/messages"


@pytest.mark.parametrize("way", [MESSAGES, RESPONSES], ids=str)
async def test_a_hole_cannot_be_put_to_an_interface_without_holes(way: Way) -> None:
    async with opened(way) as (provider, vendors):
        exchange = exchange_for(way, prompt=exchange_for(TEMPLATE).prompt)
        with pytest.raises(ProviderError) as caught:
            await provider.ask(exchange)
    assert caught.value.failure.kind is FailureKind.REFUSED
    assert not vendors.requests
    assert exchange.paid().total == 0


async def test_an_unknown_template_names_those_there_are() -> None:
    async with opened(TEMPLATE) as (provider, _):
        exchange = exchange_for(TEMPLATE)
        model = model_of(TEMPLATE)
        exchange.model = replace(model, skills=replace(model.skills, fim="nonesuch"))
        with pytest.raises(ProviderError, match=r"no fill-in-the-middle template 'nonesuch'.*qwen2\.5-coder"):
            await provider.ask(exchange)


@EVERY_WAY
async def test_nothing_of_a_call_is_logged_even_at_debug_level(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with opened(way, Line(text="the answer itself")) as (provider, _):
            await provider.ask(exchange_for(way))
        await failure_of(way, Line(fault="status", status=500))
    for secret in (KEY, SECRET_CODE, "the answer itself"):
        assert secret not in caplog.text


async def test_a_deadline_around_the_call_closes_the_connection() -> None:
    async with opened(CHAT, Line(fault="stall", text="a b c d")) as (provider, vendors):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await provider.ask(exchange_for(CHAT))
        request = await vendors.requests[0].over()
    assert request.ended == "closed"


async def test_a_long_prompt_does_not_make_an_error_slow() -> None:
    """Looking for echoes of the prompt in an error is linear in both."""
    text = "x = compute(y)\n" * 20_000
    prompt = Chat(system="", messages=(Message(role="user", text=text),), limits=Limits(max_tokens=9))
    async with opened(CHAT, Line(fault="status", status=400, message="m" * 5000)) as (provider, _):
        async with asyncio.timeout(2):
            with pytest.raises(ProviderError):
                await provider.ask(exchange_for(CHAT, prompt=prompt))


WHOLE = b'{"id": "1", "model": "m", "choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}]}'
CHUNK = b'data: {"model": "m", "choices": [{"delta": {"content": "hi"}}]}\n\n'


@pytest.mark.parametrize(
    ("headers", "body", "words"),
    [
        (b"content-type: application/json", WHOLE, "does not stream its answers"),
        (b"content-type: application/json", b"no JSON at all", "does not stream its answers"),
        (b"content-type: text/plain", b"Welcome to the network of this hotel.", "empty stream"),
        (b"content-type: image/png", bytes(range(256)), "empty stream"),
        (b"x-none: 1", b"", "empty stream"),
        (b"content-type: text/event-stream\r\ncontent-encoding: gzip", CHUNK, "cannot be decompressed"),
    ],
)
async def test_a_good_status_with_something_else_than_a_stream(headers: bytes, body: bytes, words: str) -> None:
    """What gateways, hotels and misled caches send in place of an answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        writer.write(b"HTTP/1.1 200 OK\r\n%b\r\ncontent-length: %d\r\n\r\n%b" % (headers, len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        provider = providers.load(Endpoint(name="openai", type="openai", base_url=url, key=KEY, timeout=5.0))
        with pytest.raises(ProviderError) as caught:
            await provider.ask(exchange_for(CHAT))
        await provider.close()
    assert caught.value.failure.kind is FailureKind.MALFORMED
    assert words in caught.value.failure.message
