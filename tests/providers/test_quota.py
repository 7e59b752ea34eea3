"""What is left of a rate limit is read from each vendor's own headers."""

from datetime import UTC, datetime, timedelta

import pytest

from tierwise.providers.wire.quota import rest
from tierwise.rehearsal import Line
from vendors import CHAT, exchange_for, opened


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "1s"}, None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, 360.0),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms"}, 0.12),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "7.66"}, 7.66),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon"}, None),
        ({"x-ratelimit-remaining-requests": "0"}, None),
        ({"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "yesterTday"}, None),
    ],
)
def test_nothing_left_is_a_wait_until_there_is(headers: dict[str, str], seconds: float | None) -> None:
    assert rest(headers) == seconds


def test_anthropics_moments_are_waits_from_now() -> None:
    moment = (datetime.now(UTC) + timedelta(seconds=30)).isoformat().replace("+00:00", "Z")
    headers = {"anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": moment}
    assert rest(headers) == pytest.approx(30, abs=1)


async def test_it_is_read_beside_a_good_answer() -> None:
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s"}
    async with opened(CHAT, Line(headers=headers)) as (provider, _):
        exchange = exchange_for(CHAT)
        await provider.ask(exchange)
    assert exchange.rest == 2.0
