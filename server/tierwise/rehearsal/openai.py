"""OpenAI's interfaces as its API streams them, and what compatible servers make of them."""

from typing import Any

from tierwise.core.reply import Usage

from .script import Cue
from .voices import Asked, Body, compact, flat

ERROR_TYPES = {401: "authentication_error", 404: "invalid_request_error", 429: "rate_limit_error"}

REASONS = {"stop": "stop", "length": "length", "refusal": "content_filter"}

CREATED = 1_795_000_000
"""Seconds since the epoch, in November 2026: the same in every answer, so that answers compare equal."""


class Chat:
    """``POST /chat/completions``; ``listed_errors`` wraps errors in a list, as Google's compatible endpoint does."""

    api = "chat"

    def __init__(self, *, listed_errors: bool = False) -> None:
        self._listed_errors = listed_errors

    def hear(self, body: Body) -> Asked:
        """Read a request's body."""
        prompt = "\n".join(flat(turn["content"]) for turn in body["messages"])
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        return _asked(self.api, body, prompt, limit)

    def opening(self, asked: Asked, model: str, usage: Usage) -> bytes:
        """Say who speaks."""
        return _data(self._chunk(model, {"role": "assistant", "content": "", "refusal": None}))

    def piece(self, asked: Asked, model: str, text: str) -> bytes:
        """Bring one token."""
        return _data(self._chunk(model, {"content": text}))

    def closing(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> bytes:
        """Tell the reason, then, where it was asked for, the bill in a chunk without choices."""
        end = _data(self._chunk(model, {}, REASONS[finish]))
        if _wants_usage(asked):
            end += _data({**self._chunk(model, {}), "choices": [], "usage": counts(usage)})
        return end + b"data: [DONE]\n\n"

    def whole(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> Body:
        """Answer at once."""
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": REASONS[finish]}
        return _envelope("chat.completion", model) | {"choices": [choice], "usage": counts(usage)}

    def error(self, status: int, message: str) -> object:
        """Return the error as the API words it."""
        body = error_body(status, message)
        return [body] if self._listed_errors else body

    def error_event(self, asked: Asked, message: str) -> bytes:
        """Break off as the API does."""
        return _data({"error": {"type": "server_error", "message": message, "param": None, "code": None}})

    def _chunk(self, model: str, delta: Body, finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _envelope("chat.completion.chunk", model) | {"choices": [choice], "usage": None}


class MistralFim(Chat):
    """``POST /fim/completions`` of Mistral: asked with prefix and suffix, answered like a chat, usage in the end."""

    api = "fim"

    def hear(self, body: Body) -> Asked:
        """Read a request's body."""
        return _asked(self.api, body, body["prompt"] + body["suffix"], body.get("max_tokens"))

    def closing(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> bytes:
        """Tell reason and bill in one chunk."""
        return _data(self._chunk(model, {"content": ""}, REASONS[finish]) | {"usage": counts(usage)}) + (
            b"data: [DONE]\n\n"
        )


class Completions:
    """``POST /completions``, with or without a suffix."""

    def hear(self, body: Body) -> Asked:
        """Read a request's body."""
        prompt = body["prompt"] + (body.get("suffix") or "")
        return _asked("completions", body, prompt, body.get("max_tokens"))

    def opening(self, asked: Asked, model: str, usage: Usage) -> bytes:
        """Say nothing: the interface begins with the first token."""
        return b""

    def piece(self, asked: Asked, model: str, text: str) -> bytes:
        """Bring one token."""
        return _data(self._chunk(model, text))

    def closing(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> bytes:
        """Tell reason and bill."""
        end = _data(self._chunk(model, "", REASONS[finish]))
        if _wants_usage(asked):
            end += _data(_envelope("text_completion", model) | {"choices": [], "usage": counts(usage)})
        return end + b"data: [DONE]\n\n"

    def whole(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> Body:
        """Answer at once."""
        return self._chunk(model, text, REASONS[finish]) | {"usage": counts(usage)}

    def error(self, status: int, message: str) -> object:
        """Return the error as the API words it."""
        return error_body(status, message)

    def error_event(self, asked: Asked, message: str) -> bytes:
        """Break off as the API does."""
        return _data({"error": {"type": "server_error", "message": message, "param": None, "code": None}})

    def _chunk(self, model: str, text: str, finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": finish}
        return _envelope("text_completion", model) | {"choices": [choice]}


def counts(usage: Usage) -> dict[str, Any]:
    """Return the bill in the vendor's bookkeeping: cached tokens inside the prompt's."""
    prompt = usage.input + usage.cache_read + usage.cache_write
    return {
        "prompt_tokens": prompt,
        "completion_tokens": usage.output,
        "total_tokens": prompt + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cache_read, "cache_write_tokens": usage.cache_write},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


def error_body(status: int, message: str) -> dict[str, Any]:
    """Return an error as OpenAI words it."""
    kind = ERROR_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def _asked(api: str, body: Body, prompt: str, limit: int | None) -> Asked:
    stops = body.get("stop") or ()
    return Asked(
        cue=Cue(api=api, model=body["model"], prompt=prompt, body=body),
        stream=bool(body.get("stream")),
        limit=limit,
        stops=(stops,) if isinstance(stops, str) else tuple(stops),
    )


def _wants_usage(asked: Asked) -> bool:
    options: dict[str, Any] = asked.cue.body.get("stream_options") or {}
    return bool(options.get("include_usage"))


def _envelope(kind: str, model: str) -> dict[str, Any]:
    return {"id": "rehearsal", "object": kind, "created": CREATED, "model": model}


def _data(body: Body) -> bytes:
    return b"data: %b\n\n" % compact(body)
