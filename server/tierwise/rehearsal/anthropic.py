"""Anthropic's Messages, as its API streams them."""

from typing import Any, cast

from tierwise.core.reply import Usage

from .script import Cue
from .voices import Asked, Body, compact, flat

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}

REASONS = {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal"}


class Messages:
    """``POST /v1/messages``."""

    def hear(self, body: Body) -> Asked:
        """Read a request's body."""
        system = body.get("system") or ""
        turns = "\n".join(flat(turn["content"]) for turn in body["messages"])
        return Asked(
            cue=Cue(api="messages", model=body["model"], prompt=f"{flat(system)}\n{turns}", body=body),
            stream=bool(body.get("stream")),
            limit=int(body["max_tokens"]),
            stops=tuple(body.get("stop_sequences") or ()),
            cached=_marked(system),
        )

    def opening(self, asked: Asked, model: str, usage: Usage) -> bytes:
        """Tell the input's tokens, then open a block of text; a ping follows, as always."""
        message: dict[str, Any] = {
            "id": "msg_rehearsal",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _counts(usage, 1),
        }
        block = {"type": "text", "text": ""}
        return (
            _event("message_start", {"message": message})
            + _event("content_block_start", {"index": 0, "content_block": block})
            + _event("ping", {})
        )

    def piece(self, asked: Asked, model: str, text: str) -> bytes:
        """Bring one token."""
        return _event("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": text}})

    def closing(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> bytes:
        """Close the block and tell the reason and the bill."""
        delta: dict[str, object] = {"stop_reason": REASONS[finish], "stop_sequence": None}
        if finish == "refusal":
            delta["stop_details"] = {"type": "refusal", "category": "cyber", "explanation": None}
        return (
            _event("content_block_stop", {"index": 0})
            + _event("message_delta", {"delta": delta, "usage": _counts(usage, usage.output)})
            + _event("message_stop", {})
        )

    def whole(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> Body:
        """Answer at once."""
        return {
            "id": "msg_rehearsal",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [{"type": "text", "text": text}],
            "stop_reason": REASONS[finish],
            "stop_sequence": None,
            "usage": _counts(usage, usage.output),
        }

    def error(self, status: int, message: str) -> object:
        """Return the error as the API words it."""
        return {
            "type": "error",
            "error": {"type": ERROR_TYPES.get(status, "api_error"), "message": message},
            "request_id": "req_rehearsal",
        }

    def error_event(self, asked: Asked, message: str) -> bytes:
        """Break off as an overloaded API does."""
        return _event("error", {"error": {"type": "overloaded_error", "message": message}})


def _event(name: str, body: dict[str, object]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), compact({"type": name, **body}))


def _counts(usage: Usage, output: int) -> dict[str, object]:
    return {
        "input_tokens": usage.input,
        "cache_creation_input_tokens": usage.cache_write,
        "cache_read_input_tokens": usage.cache_read,
        "output_tokens": output,
        "output_tokens_details": {"thinking_tokens": usage.reasoning},
    }


def _marked(system: object) -> str:
    """Return the system prompt up to its last cache mark."""
    blocks = cast("list[dict[str, Any]]", system) if isinstance(system, list) else []
    last = max((at for at, block in enumerate(blocks) if block.get("cache_control")), default=-1)
    return flat(blocks[: last + 1])
