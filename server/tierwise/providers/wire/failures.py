"""A vendor's errors in our words: what kind, how to mend it, and never a key, a prompt or code."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

from tierwise.core.model import Model
from tierwise.core.prompt import Chat, Prompt
from tierwise.core.reply import Failure, FailureKind, ProviderError
from tierwise.providers import Endpoint

KEY_VARIABLES: Mapping[str, str] = {
    "anthropic": "ANTHROPIC_API_KEY",
    "openai": "OPENAI_API_KEY",
    "gemini": "GEMINI_API_KEY",
}

STATUSES: Mapping[int, FailureKind] = {
    408: FailureKind.TIMEOUT,
    409: FailureKind.OVERLOADED,
    425: FailureKind.OVERLOADED,
    429: FailureKind.RATE_LIMITED,
    504: FailureKind.TIMEOUT,
}
"""What is neither here nor 5xx is refused for good; other 5xx, Anthropic's 529 among them, are overload."""

TYPES: Mapping[str, FailureKind] = {
    "rate_limit_error": FailureKind.RATE_LIMITED,
    "rate_limit_exceeded": FailureKind.RATE_LIMITED,
    "RESOURCE_EXHAUSTED": FailureKind.RATE_LIMITED,
    "overloaded_error": FailureKind.OVERLOADED,
    "api_error": FailureKind.OVERLOADED,
    "server_error": FailureKind.OVERLOADED,
    "UNAVAILABLE": FailureKind.OVERLOADED,
    "timeout_error": FailureKind.TIMEOUT,
    "invalid_request_error": FailureKind.REFUSED,
    "authentication_error": FailureKind.REFUSED,
    "permission_error": FailureKind.REFUSED,
    "not_found_error": FailureKind.REFUSED,
    "billing_error": FailureKind.REFUSED,
    "insufficient_quota": FailureKind.REFUSED,
}
"""The vendors' names of their errors, for those that arrive after a 200."""

UNHEALABLE = frozenset({"insufficient_quota", "billing_error", "billing_hard_limit_reached"})
"""Errors that vendors send as 429 though waiting does not mend them."""

QUOTE = 200
"""Characters of a vendor's own message that are passed on."""

ECHO = 16
"""Characters in a row shared with the prompt that make a vendor's message an echo of it; 6 for keys, as vendors show a
key's ends.
"""

KEY_ECHO = 6


def of_status(
    endpoint: Endpoint, model: Model, prompt: Prompt, status: int, headers: Mapping[str, str], body: str
) -> Failure:
    """Return the failure that an HTTP answer of 300 and above stands for."""
    found = error_of(_parsed(body))
    if status == 404 and found is None:  # a vendor says what it does not know
        return Failure(
            kind=FailureKind.REFUSED,
            message=f"{endpoint.name} serves no such interface: is base_url right (is a `/v1` missing or too many)?",
            status=status,
        )
    error = found or {}
    names = {str(error.get(field)) for field in ("type", "code", "status")}
    kind = STATUSES.get(status, FailureKind.OVERLOADED if status >= 500 else FailureKind.REFUSED)
    if names & UNHEALABLE:
        kind = FailureKind.REFUSED
    quote = "" if status in {401, 403} else quotable(str(error.get("message") or ""), endpoint, prompt)
    return Failure(
        kind=kind,
        message=f"{endpoint.name} answered {status}{_advice(endpoint, model, status, kind)}{quote}",
        retry_after=retry_after(headers),
        status=status,
    )


def of_event(endpoint: Endpoint, model: Model, prompt: Prompt, error: Mapping[str, object]) -> Failure:
    """Return the failure that an error inside a 200 answer stands for."""
    names = [str(error[field]) for field in ("type", "code", "status") if error.get(field)]
    kind = next((TYPES[name] for name in names if name in TYPES), FailureKind.OVERLOADED)
    label = next((name for name in names if re.fullmatch(r"[\w.-]{1,64}", name)), "an error")
    quote = quotable(str(error.get("message") or ""), endpoint, prompt)
    return Failure(kind=kind, message=f"{endpoint.name} broke off {model.name}'s answer with {label}{quote}.")


def refused(message: str) -> ProviderError:
    """Return an error for what cannot be asked at all."""
    return ProviderError(Failure(kind=FailureKind.REFUSED, message=message))


def malformed(message: str) -> ProviderError:
    """Return an error for an answer that is not of the interface's shape."""
    return ProviderError(Failure(kind=FailureKind.MALFORMED, message=message))


def key_advice(endpoint: Endpoint) -> str:
    """Return how to give the endpoint a key."""
    variable = KEY_VARIABLES.get(endpoint.type) if endpoint.name == endpoint.type else None
    return f"set {variable}" if variable else f"set the variable that providers.{endpoint.name}.key_env names"


def error_of(body: object) -> Mapping[str, object] | None:
    """Return the error object that a vendor's JSON body holds, in any of the shapes in use, or None."""
    if isinstance(body, list) and body:  # Google's compatible endpoint
        body = cast("list[object]", body)[0]
    if not isinstance(body, dict):
        return None
    found = cast("dict[str, object]", body).get("error")
    if isinstance(found, str):  # Ollama
        return {"message": found}
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait that the vendor asked for: milliseconds, seconds or an HTTP date."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after")
        if value is None:
            return None
        if re.fullmatch(r"\d+(\.\d+)?", value):
            return float(value)
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def quotable(message: str, endpoint: Endpoint, prompt: Prompt) -> str:
    """Return `` (the vendor's words)`` where they echo neither key nor prompt, else an empty string."""
    message = " ".join(message[:QUOTE].split()).rstrip(".")
    if not message or (endpoint.key and _shares(message, endpoint.key, KEY_ECHO)):
        return ""
    texts = (
        (prompt.system, prompt.stable, *(turn.text for turn in prompt.messages))
        if isinstance(prompt, Chat)
        else (prompt.context, prompt.prefix, prompt.suffix)
    )
    if any(_shares(message, " ".join(text.split()), ECHO) for text in texts):
        return ""
    return f" ({message})"


def _shares(message: str, text: str, length: int) -> bool:
    if len(message) < length:
        return len(message) > 3 and message in text
    return any(message[at : at + length] in text for at in range(len(message) - length + 1))


def _parsed(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _advice(endpoint: Endpoint, model: Model, status: int, kind: FailureKind) -> str:
    by_status = {
        401: f"the key is missing or not valid, {key_advice(endpoint)}",
        403: f"the key may not use {model.name}; check its permissions or {key_advice(endpoint)}",
        404: f"it does not know the model {model.name!r}; `tierwise models` lists those that are set up",
        413: "the prompt is too long for it",
    }
    by_kind = {
        FailureKind.RATE_LIMITED: "too many requests for this key, another model of the tier is tried meanwhile",
        FailureKind.OVERLOADED: "it is overloaded or broken at its end",
        FailureKind.TIMEOUT: "it gave up waiting at its end",
    }
    if 300 <= status < 400:
        return ": it sends requests elsewhere; set base_url to where it really is"
    refused_for = f"it will not take this request for {model.name}"
    return f": {by_status.get(status) or by_kind.get(kind) or refused_for}"
