"""The vendors' own SDKs, with all their types and checks, understand what the rehearsal says."""

from collections.abc import AsyncIterator

import anthropic
import openai
import pytest

from tierwise.core.reply import Usage
from tierwise.rehearsal import Line, Rehearsal, Rule
from tierwise.rehearsal.script import by_rules

BILL = Usage(input=11, output=4, cache_read=7, cache_write=2, reasoning=1)


@pytest.fixture
async def vendors() -> AsyncIterator[Rehearsal]:
    """A rehearsal that says one line and bills it."""
    async with Rehearsal(by_rules((), Line(text="return a + b", usage=BILL))) as serving:
        yield serving


@pytest.fixture
async def claude(vendors: Rehearsal) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """Anthropic's SDK, checking every answer against its schema."""
    async with anthropic.AsyncAnthropic(
        api_key="k", base_url=vendors.url_anthropic, max_retries=0, _strict_response_validation=True
    ) as client:
        yield client


@pytest.fixture
async def gpt(vendors: Rehearsal) -> AsyncIterator[openai.AsyncOpenAI]:
    """OpenAI's SDK, checking every answer against its schema."""
    async with openai.AsyncOpenAI(
        api_key="k", base_url=vendors.url_openai, max_retries=0, _strict_response_validation=True
    ) as client:
        yield client


async def test_messages_streamed(claude: anthropic.AsyncAnthropic) -> None:
    async with claude.messages.stream(
        model="claude-haiku-5-5", max_tokens=50, messages=[{"role": "user", "content": "add"}]
    ) as stream:
        message = await stream.get_final_message()
    assert message.content[0].type == "text"
    assert message.content[0].text == "return a + b"
    assert message.stop_reason == "end_turn"
    usage = message.usage
    assert (usage.input_tokens, usage.output_tokens) == (11, 4)
    assert (usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (7, 2)


async def test_messages_whole(claude: anthropic.AsyncAnthropic) -> None:
    message = await claude.messages.create(
        model="claude-haiku-5-5", max_tokens=50, messages=[{"role": "user", "content": "add"}]
    )
    assert message.content[0].type == "text"
    assert message.content[0].text == "return a + b"


async def test_chat_streamed(gpt: openai.AsyncOpenAI) -> None:
    stream = await gpt.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": "add"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "return a + b"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    usage = chunks[-1].usage
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (20, 4, 24)
    assert usage.prompt_tokens_details is not None
    assert usage.prompt_tokens_details.cached_tokens == 7


async def test_chat_tells_no_usage_where_it_was_not_asked_for(gpt: openai.AsyncOpenAI) -> None:
    stream = await gpt.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": "add"}], stream=True
    )
    assert all(chunk.usage is None for chunk in [chunk async for chunk in stream])


async def test_chat_whole(gpt: openai.AsyncOpenAI) -> None:
    answer = await gpt.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "add"}])
    assert answer.choices[0].message.content == "return a + b"


async def test_responses_streamed(gpt: openai.AsyncOpenAI) -> None:
    stream = await gpt.responses.create(model="gpt-5.3-codex", input="add", stream=True)
    events = [event async for event in stream]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "return a + b"
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == "return a + b"
    assert last.response.usage is not None
    assert (last.response.usage.input_tokens, last.response.usage.output_tokens) == (20, 4)


async def test_responses_whole(gpt: openai.AsyncOpenAI) -> None:
    assert (await gpt.responses.create(model="gpt-5.3-codex", input="add")).output_text == "return a + b"


async def test_completions_streamed_and_whole(vendors: Rehearsal) -> None:
    """Not with strict checks: the SDK's type has a reason in every chunk, the API sends none but in the last."""
    gpt = openai.AsyncOpenAI(api_key="k", base_url=vendors.url_openai, max_retries=0)
    stream = await gpt.completions.create(model="qwen", prompt="def f(", suffix="):", stream=True)
    assert "".join([chunk.choices[0].text async for chunk in stream]) == "return a + b"
    whole = await gpt.completions.create(model="qwen", prompt="def f(", suffix="):")
    assert whole.choices[0].text == "return a + b"
    await gpt.close()


async def test_models_are_listed(gpt: openai.AsyncOpenAI, claude: anthropic.AsyncAnthropic) -> None:
    assert "gpt-6-luna" in [model.id async for model in gpt.models.list()]
    assert "claude-haiku-5-5" in [model["id"] for model in (await _plain(claude, "/v1/models"))["data"]]


async def test_errors_are_of_the_sdks_own_classes(vendors: Rehearsal) -> None:
    rules = [Rule(line=Line(fault="status", status=status), prompt=str(status)) for status in (401, 404, 429, 529)]
    vendors.script = by_rules(rules)
    claude = anthropic.AsyncAnthropic(api_key="k", base_url=vendors.url_anthropic, max_retries=0)
    gpt = openai.AsyncOpenAI(api_key="k", base_url=vendors.url_openai, max_retries=0)
    for status, theirs in ((401, anthropic.AuthenticationError), (529, anthropic.OverloadedError)):
        with pytest.raises(theirs) as caught:
            await claude.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": str(status)}])
        assert caught.value.type in {"authentication_error", "overloaded_error"}
    for status, theirs in ((404, openai.NotFoundError), (429, openai.RateLimitError)):
        with pytest.raises(theirs, match="rehearsed failure"):
            await gpt.chat.completions.create(model="m", messages=[{"role": "user", "content": str(status)}])
    await claude.close()
    await gpt.close()


async def _plain(client: anthropic.AsyncAnthropic, path: str) -> dict[str, list[dict[str, str]]]:
    import httpx2

    response: httpx2.Response = await client.get(path, cast_to=httpx2.Response)
    return response.json()
