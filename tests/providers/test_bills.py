"""What a call costs, from each vendor's usage object as its documentation shows it, to the tenth of a millionth cent.

The objects have all the fields that the vendors name, zeros included; the tokens of the first of each vendor are those
of its own example.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from tierwise.core.model import Price
from tierwise.core.reply import Usage
from tierwise.providers.wire import Api, Told
from tierwise.providers.wire.chat import ChatCompletions
from tierwise.providers.wire.completions import Completions
from tierwise.providers.wire.messages import Messages
from tierwise.providers.wire.responses import Responses

SONNET = Price(input=3.0, output=15.0, cache_read=0.3, cache_write=3.75, as_of="2026-11-23")
GPT = Price(input=2.5, output=10.0, cache_read=1.25, cache_write=2.5, as_of="2026-11-23")
GEMINI = Price(input=1.25, output=10.0, cache_read=0.125, cache_write=1.25, as_of="2026-11-23")
DEEPSEEK = Price(input=0.28, output=0.42, cache_read=0.028, cache_write=0.28, as_of="2026-11-23")


def anthropic(read: int, written: int, fresh: int, output: int) -> list[dict[str, Any]]:
    """A stream's bill comes in two parts, of which the second has the counts as they are in the end."""
    usage = {
        "input_tokens": fresh,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 1,
        "service_tier": "standard",
    }
    told = {"output_tokens": output, "server_tool_use": None}
    return [
        {"type": "message_start", "message": {"model": "m", "usage": usage}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": told},
    ]


def chat(**usage: Any) -> list[dict[str, Any]]:
    return [{"model": "m", "choices": [], "usage": usage}]


def responses(**usage: Any) -> list[dict[str, Any]]:
    return [{"type": "response.completed", "response": {"model": "m", "usage": usage, "incomplete_details": None}}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    vendor: str
    api: Api
    events: list[dict[str, Any]]
    usage: Usage
    price: Price
    dollars: float


BILLS = (
    Bill(
        vendor="anthropic, read from the cache",
        api=Messages(),
        events=anthropic(read=100_000, written=0, fresh=50, output=503),
        usage=Usage(input=50, output=503, cache_read=100_000),
        price=SONNET,
        dollars=50 * 3e-6 + 503 * 15e-6 + 100_000 * 0.3e-6,
    ),
    Bill(
        vendor="anthropic, written to the cache",
        api=Messages(),
        events=anthropic(read=1_800, written=248, fresh=2_048, output=503),
        usage=Usage(input=2_048, output=503, cache_read=1_800, cache_write=248),
        price=SONNET,
        dollars=0.015159,
    ),
    Bill(
        vendor="openai, chat",
        api=ChatCompletions(),
        events=chat(
            prompt_tokens=2_006,
            completion_tokens=300,
            total_tokens=2_306,
            prompt_tokens_details={"cached_tokens": 1_920, "audio_tokens": 0},
            completion_tokens_details={
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        ),
        usage=Usage(input=86, output=300, cache_read=1_920),
        price=GPT,
        dollars=0.005615,
    ),
    Bill(
        vendor="openai, responses",
        api=Responses(),
        events=responses(
            input_tokens=75,
            input_tokens_details={"cached_tokens": 0},
            output_tokens=1_186,
            output_tokens_details={"reasoning_tokens": 1_024},
            total_tokens=1_261,
        ),
        usage=Usage(input=75, output=1_186, reasoning=1_024),
        price=GPT,
        dollars=0.0120475,
    ),
    Bill(
        vendor="openai, responses, from the cache",
        api=Responses(),
        events=responses(
            input_tokens=12_033,
            input_tokens_details={"cached_tokens": 11_904},
            output_tokens=44,
            output_tokens_details={"reasoning_tokens": 0},
            total_tokens=12_077,
        ),
        usage=Usage(input=129, output=44, cache_read=11_904),
        price=GPT,
        dollars=0.0156425,
    ),
    Bill(
        vendor="gemini, whose thinking is in the total only",
        api=ChatCompletions(),
        events=chat(prompt_tokens=10, completion_tokens=5, total_tokens=315),
        usage=Usage(input=10, output=305, reasoning=300),
        price=GEMINI,
        dollars=0.0030625,
    ),
    Bill(
        vendor="deepseek, whose cache has fields of its own",
        api=ChatCompletions(),
        events=chat(
            prompt_tokens=2_000,
            completion_tokens=100,
            total_tokens=2_100,
            prompt_cache_hit_tokens=1_536,
            prompt_cache_miss_tokens=464,
            completion_tokens_details={"reasoning_tokens": 60},
        ),
        usage=Usage(input=464, output=100, cache_read=1_536, reasoning=60),
        price=DEEPSEEK,
        dollars=0.000214928,
    ),
    Bill(
        vendor="deepseek, which may name it twice",
        api=ChatCompletions(),
        events=chat(
            prompt_tokens=2_000,
            completion_tokens=100,
            total_tokens=2_100,
            prompt_tokens_details={"cached_tokens": 1_536},
            prompt_cache_hit_tokens=1_536,
            prompt_cache_miss_tokens=464,
        ),
        usage=Usage(input=464, output=100, cache_read=1_536),
        price=DEEPSEEK,
        dollars=0.000214928,
    ),
    Bill(
        vendor="mistral and ollama, which count three numbers",
        api=Completions(),
        events=[
            {
                "model": "m",
                "choices": [],
                "usage": {"prompt_tokens": 16, "completion_tokens": 34, "total_tokens": 50},
            }
        ],
        usage=Usage(input=16, output=34),
        price=GPT,
        dollars=0.00038,
    ),
)


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.vendor)
def test_a_vendor_s_usage_object_is_counted_and_priced_exactly(bill: Bill) -> None:
    told = Told()
    for event in bill.events:
        bill.api.read(event, told)
    assert told.final
    assert told.usage == bill.usage
    assert bill.price.of(bill.usage) == pytest.approx(bill.dollars, rel=1e-12)


def test_our_fields_are_those_that_the_vendors_sdks_know() -> None:
    """The SDKs are made from the vendors' own descriptions: what they do not know, no vendor documents."""
    from anthropic.types import Usage as Anthropic
    from openai.types import CompletionUsage
    from openai.types.completion_usage import CompletionTokensDetails, PromptTokensDetails
    from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails, ResponseUsage

    assert {"input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"} <= set(
        Anthropic.model_fields
    )
    assert {"prompt_tokens", "completion_tokens", "total_tokens"} <= set(CompletionUsage.model_fields)
    assert {"cached_tokens", "cache_write_tokens"} <= set(PromptTokensDetails.model_fields)
    assert {"cached_tokens", "cache_write_tokens"} <= set(InputTokensDetails.model_fields)
    assert "reasoning_tokens" in CompletionTokensDetails.model_fields
    assert "reasoning_tokens" in OutputTokensDetails.model_fields
    assert {"input_tokens", "output_tokens"} <= set(ResponseUsage.model_fields)
