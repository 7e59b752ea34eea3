"""What is left of a key's rate limits, as vendors tell it beside each answer."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

_LIMITS = (
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
)
"""Pairs of headers: what is left, and when all of it is there again. OpenAI and those that follow it write the latter
as a duration ("6m0s"), Anthropic as a moment (RFC 3339)."""

_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def rest(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until a further request makes sense where nothing is left of some limit, else None."""
    waits = [_seconds(headers.get(reset, "")) for left, reset in _LIMITS if headers.get(left) == "0"]
    return max((wait for wait in waits if wait is not None), default=None)


def _seconds(written: str) -> float | None:
    try:
        if "T" in written:
            return max(0.0, (datetime.fromisoformat(written) - datetime.now(UTC)).total_seconds())
        if re.fullmatch(r"\d+(\.\d+)?", written):
            return float(written)
    except (ValueError, TypeError):
        return None
    parts = _PARTS.findall(written)
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) if parts else None
