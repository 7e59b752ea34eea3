"""The vendors' batch interfaces through their real SDKs: what is sent, what comes back, what it costs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tierwise.core.exchange import Exchange
from tierwise.core.model import Price
from tierwise.core.prompt import Chat, Limits, Message
from tierwise.core.reply import FailureKind, Finish, ProviderError, Usage
from tierwise.providers.wire.batch import Batches, Batching
from tierwise.rehearsal import Cue, Line, Rehearsal
from vendors import CHAT, GEMINI, MESSAGES, RESPONSES, SECRET_CODE, Way, model_of, opened

WAYS = (MESSAGES, CHAT, RESPONSES)
SCHEMA: dict[str, object] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def asking(way: Way, text: str) -> Exchange:
    """Return an exchange whose prompt says this."""
    limits = Limits(max_tokens=200, temperature=0.0)
    prompt = Chat(system="Be brief.", messages=(Message(role="user", text=text),), limits=limits, schema=SCHEMA)
    return Exchange(model=model_of(way), prompt=prompt)


def script(cue: Cue) -> Line:
    """Return a line by what is asked: some entries fail, some expire, some are cut off or declined."""
    usage = Usage(input=100, output=7, cache_read=20, reasoning=2)
    lines = {
        "fail": Line(fault="status", status=500),
        "expire": Line(fault="silence"),
        "long": Line(text="far too long", finish="length", usage=usage),
        "decline": Line(text="no", finish="refusal", usage=usage),
    }
    found = next((line for word, line in lines.items() if word in cue.prompt), None)
    return found or Line(text="fine", usage=usage)


@asynccontextmanager
async def batching(way: Way) -> AsyncGenerator[tuple[Batches, Rehearsal]]:
    """Open the way's batch interface."""
    async with opened(way) as (provider, vendors):
        vendors.script = script
        assert isinstance(provider, Batching)
        yield provider.batches, vendors


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_every_entry_of_a_batch_gets_its_own_answer_and_bill(way: Way) -> None:
    async with batching(way) as (batches, _):
        exchanges = {word: asking(way, word) for word in ("good", "long", "decline", "fail", "expire")}
        entries = {word: batches.entry(exchange) for word, exchange in exchanges.items()}
        name = await batches.send([*entries.values()])
        looks = [await batches.is_over(name) for _ in range(2)]
        answers = {answer.name: answer for answer in await batches.answers(name)}
        assert looks == [False, True]
        got = {word: answers[entry.name] for word, entry in entries.items()}
        got["good"].fill(exchanges["good"])
        assert (exchanges["good"].text, exchanges["good"].resolved) == ("fine", way.model)
        assert exchanges["good"].paid() == Usage(input=100, output=7, cache_read=20, reasoning=2)
        assert got["long"].finish is Finish.LENGTH
        failures = {word: answer.failure.kind for word, answer in got.items() if answer.failure is not None}
        assert failures["fail"] is failures["expire"] is FailureKind.OVERLOADED
        assert got["fail"].usage.total == got["expire"].usage.total == 0
        if way is not RESPONSES:  # which has no finish for it
            assert failures["decline"] is FailureKind.DECLINED
            assert got["decline"].usage.total == 127


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_the_same_prompt_has_the_same_name_and_goes_out_as_it_would_alone(way: Way) -> None:
    async with batching(way) as (batches, vendors):
        entry = batches.entry(asking(way, "good"))
        assert entry.name == batches.entry(asking(way, "good")).name != batches.entry(asking(way, "other")).name
        assert len(entry.name) <= 64  # what Anthropic's interface takes
        await batches.send([entry])
        (made,) = vendors.batches.made.values()
        ((path, body),) = made.entries.values()
        assert path.endswith(entry.path)
        assert (body["model"], "stream" in body, "stream_options" in body) == (way.model, False, False)
        assert body == entry.body


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_cancelled_batch_is_over_and_costs_what_was_answered(way: Way) -> None:
    async with batching(way) as (batches, vendors):
        vendors.batches.looks = 100
        name = await batches.send([batches.entry(asking(way, "good"))])
        await batches.cancel(name)
        assert await batches.is_over(name)
        (answer,) = await batches.answers(name)
        assert answer.failure is not None
        assert answer.usage == Usage()


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_what_the_vendor_keeps_of_a_batch_can_be_deleted(way: Way) -> None:
    async with batching(way) as (batches, vendors):
        name = await batches.send([batches.entry(asking(way, "good")), batches.entry(asking(way, "fail"))])
        while not await batches.is_over(name):
            pass
        await batches.forget(name)
        assert not vendors.batches.files
        assert len(vendors.batches.deleted) == (1 if way is MESSAGES else 3)


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_an_unknown_batch_and_a_vendor_that_is_gone_are_failures_that_say_so(way: Way) -> None:
    async with batching(way) as (batches, vendors):
        with pytest.raises(ProviderError) as refused:
            await batches.is_over("batch_of_somebody")
        assert refused.value.failure.status == 404
        await vendors.__aexit__(None, None, None)
        with pytest.raises(ProviderError) as gone:
            await batches.send([batches.entry(asking(way, SECRET_CODE))])
        assert gone.value.failure.kind is FailureKind.UNREACHABLE
        assert SECRET_CODE not in str(gone.value)


def test_the_price_of_a_batch_is_half_the_list_price_for_every_kind_of_token() -> None:
    listed, half = model_of(MESSAGES).price, model_of(MESSAGES).batched.price
    assert listed is not None
    assert half == Price(
        input=listed.input / 2,
        output=listed.output / 2,
        cache_read=listed.cache_read / 2,
        cache_write=listed.cache_write / 2,
        as_of=listed.as_of,
    )
    usage = Usage(input=1_000, output=50, cache_read=10, cache_write=5)
    assert half is not None
    assert half.of(usage) == listed.of(usage) / 2
    assert model_of(GEMINI).batch is None
    assert model_of(GEMINI).batched == model_of(GEMINI)
