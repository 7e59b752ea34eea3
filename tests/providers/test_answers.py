"""Answers over HTTP: streamed, billed to the token, stopped where they should stop, for every vendor's interface."""

import asyncio
from dataclasses import replace
from time import perf_counter

import pytest

from tierwise.core.exchange import Exchange
from tierwise.core.prompt import estimate_tokens
from tierwise.core.reply import FailureKind, Finish, ProviderError, Usage
from tierwise.providers import Provider
from tierwise.rehearsal import Line
from vendors import CHAT, GEMINI, MESSAGES, RESPONSES, TEMPLATE, WAYS, Way, exchange_for, opened

EVERY_WAY = pytest.mark.parametrize("way", WAYS, ids=str)

TEXT = 'return sorted(xs, key=len)\n# naïve Grüße, 你好, 🦀 and \\ " \t\n'


async def _asked(provider: Provider, exchange: Exchange) -> Exchange:
    await provider.ask(exchange)
    return exchange


@EVERY_WAY
async def test_the_answer_is_the_text_that_was_streamed(way: Way) -> None:
    async with opened(way, Line(text=TEXT, pause=0.001)) as (provider, _):
        reply = (await _asked(provider, exchange_for(way))).reply()
    assert reply.text == TEXT
    assert reply.finish is Finish.STOP


@EVERY_WAY
async def test_every_piece_is_passed_on_as_it_comes(way: Way) -> None:
    seen: list[str] = []

    def note(text: str) -> bool:
        seen.append(text)
        return False

    async with opened(way, Line(pieces=("one", " two", " three"), pause=0.02)) as (provider, _):
        await provider.ask(exchange_for(way, enough=note))
    assert seen == ["one", "one two", "one two three"]


@EVERY_WAY
async def test_first_token_counts_from_the_start_of_the_exchange(way: Way) -> None:
    async with opened(way, Line(text="a b c", delay=0.05)) as (provider, _):
        exchange = await _asked(provider, exchange_for(way))
    assert exchange.first_token is not None
    assert exchange.first_token >= 0.05


@EVERY_WAY
async def test_the_bill_is_the_vendors_to_the_token(way: Way) -> None:
    bill = Usage(input=1201, output=77, cache_read=900, cache_write=41, reasoning=13)
    async with opened(way, Line(text=TEXT, usage=bill)) as (provider, _):
        reply = (await _asked(provider, exchange_for(way))).reply()
    assert reply.usage == bill


@EVERY_WAY
async def test_the_model_that_answered_is_recorded(way: Way) -> None:
    async with opened(way, Line(resolved=f"{way.model}-20261101")) as (provider, _):
        reply = (await _asked(provider, exchange_for(way))).reply()
    assert reply.resolved == f"{way.model}-20261101"


@EVERY_WAY
async def test_an_answer_cut_by_its_limit_says_so(way: Way) -> None:
    way_exchange = exchange_for(way, max_tokens=3)
    way_exchange.model = replace(way_exchange.model, skills=replace(way_exchange.model.skills, reserve=0))
    async with opened(way, Line(text="one two three four five")) as (provider, vendors):
        reply = (await _asked(provider, way_exchange)).reply()
    assert (reply.text, reply.finish) == ("one two three", Finish.LENGTH)
    assert reply.usage.output == vendors.requests[0].usage.output == 3


@EVERY_WAY
@pytest.mark.parametrize("stop", ["\n\n", "END", "d\n"])
async def test_a_stop_sequence_ends_the_answer_before_it(way: Way, stop: str) -> None:
    """Also where the interface does not take it: Responses takes none, Messages no blank ones."""
    pieces = ("first li", "ne\n", "second\n", "\nE", "ND third", " and much more" * 50)
    async with opened(way, Line(pieces=pieces, pause=0.005)) as (provider, _):
        reply = (await _asked(provider, exchange_for(way, stop=(stop,)))).reply()
    assert reply.text == "".join(pieces).partition(stop)[0]
    assert reply.finish is Finish.STOP


@EVERY_WAY
async def test_enough_closes_the_stream_and_books_what_was_sent(way: Way) -> None:
    line = Line(text="word " * 400, pause=0.002)
    async with opened(way, line) as (provider, vendors):
        exchange = exchange_for(way, max_tokens=1000, enough=lambda text: text.count("word") >= 5)
        reply = (await _asked(provider, exchange)).reply()
        request = await vendors.requests[0].over()
    assert reply.finish is Finish.ENOUGH
    assert request.ended == "closed"
    assert request.usage.output < 20
    assert reply.usage.estimated
    assert reply.usage.output >= estimate_tokens(reply.text)


async def test_input_told_at_the_start_is_booked_exactly_when_the_answer_is_cut() -> None:
    """Anthropic tells the prompt's tokens first, so only the output needs an estimate."""
    bill = Usage(input=777, cache_read=1000, output=500)
    async with opened(MESSAGES, Line(text="word " * 400, pause=0.002, usage=bill)) as (provider, _):
        exchange = exchange_for(MESSAGES, max_tokens=1000, enough=lambda text: len(text) > 40)
        await provider.ask(exchange)
    paid = exchange.paid()
    assert (paid.input, paid.cache_read, paid.estimated) == (777, 1000, True)
    assert paid.output == estimate_tokens(exchange.text)


@EVERY_WAY
async def test_cancelling_closes_the_connection_and_keeps_what_came(way: Way) -> None:
    streaming = asyncio.Event()

    def note(text: str) -> bool:
        if text.count("word") == 3:
            streaming.set()
        return False

    async with opened(way, Line(text="word " * 2000, pause=0.002)) as (provider, vendors):
        exchange = exchange_for(way, max_tokens=5000, enough=note)
        asking = asyncio.create_task(provider.ask(exchange))
        await streaming.wait()
        asking.cancel()
        cancelled_at = perf_counter()
        with pytest.raises(asyncio.CancelledError):
            await asking
        request = await vendors.requests[0].over()
    assert request.ended == "closed"
    assert request.ended_at is not None
    assert request.ended_at - cancelled_at < 1.0  # the budget of 2 ms is measured by the benchmark
    assert exchange.paid().estimated
    assert exchange.paid().output > 0


@EVERY_WAY
async def test_cancelling_before_the_first_byte_closes_the_connection(way: Way) -> None:
    async with opened(way, Line(fault="silence")) as (provider, vendors):
        exchange = exchange_for(way)
        asking = asyncio.create_task(provider.ask(exchange))
        request = await vendors.request()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await request.over()
    assert request.ended == "closed"
    assert exchange.paid().input > 0, "the vendor may bill a prompt that it has read"


@EVERY_WAY
async def test_a_finished_answer_leaves_its_connection_for_the_next(way: Way) -> None:
    async with opened(way) as (provider, vendors):
        for _ in range(3):
            await provider.ask(exchange_for(way))
        assert len({request.headers["x-connection"] for request in vendors.requests}) == 1


@EVERY_WAY
async def test_a_warmed_provider_has_its_connection_open(way: Way) -> None:
    async with opened(way) as (provider, vendors):
        await provider.warm()
        assert vendors.connections == 1
        await provider.ask(exchange_for(way))
        assert vendors.requests[0].headers["x-connection"] == "1"


@EVERY_WAY
async def test_many_answers_at_once_do_not_mix(way: Way) -> None:
    async def answer(number: int, provider: Provider) -> str:
        exchange = exchange_for(way)
        exchange.prompt = replace(exchange.prompt, limits=replace(exchange.prompt.limits, max_tokens=number + 1))
        exchange.model = replace(exchange.model, skills=replace(exchange.model.skills, reserve=0))
        await provider.ask(exchange)
        return exchange.text

    async with opened(way, Line(pieces=tuple("abcdefghij"), pause=0.001)) as (provider, _):
        texts = await asyncio.gather(*(answer(number, provider) for number in range(10)))
    assert texts == ["abcdefghij"[: number + 1] for number in range(10)]


@pytest.mark.parametrize("way", [MESSAGES, CHAT, RESPONSES, GEMINI], ids=str)
async def test_a_refusal_is_declined_and_paid_for(way: Way) -> None:
    bill = Usage(input=40, output=3)
    async with opened(way, Line(text="I will", finish="refusal", usage=bill)) as (provider, _):
        exchange = exchange_for(way)
        with pytest.raises(ProviderError) as caught:
            await provider.ask(exchange)
    assert caught.value.failure.kind is FailureKind.DECLINED
    assert exchange.paid() == bill


@EVERY_WAY
async def test_an_answer_that_drips_in_byte_by_byte_is_read_all_the_same(way: Way) -> None:
    async with opened(way, Line(text="naïve 🦀", fault="drip")) as (provider, _):
        reply = (await _asked(provider, exchange_for(way))).reply()
    assert reply.text == "naïve 🦀"


async def test_an_empty_answer_is_an_answer() -> None:
    """What to make of it is for the checks to say."""
    async with opened(TEMPLATE, Line(text="")) as (provider, _):
        reply = (await _asked(provider, exchange_for(TEMPLATE))).reply()
    assert (reply.text, reply.finish, reply.usage.output) == ("", Finish.STOP, 0)


async def test_thinking_that_a_total_alone_tells_is_output() -> None:
    """Google's compatible endpoint counts thinking in the total only."""
    from tierwise.providers.wire.chat import usage_of

    usage = usage_of({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 315})
    assert (usage.input, usage.output, usage.reasoning) == (10, 305, 300)
