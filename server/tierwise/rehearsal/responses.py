"""OpenAI's Responses, as its API streams them."""

from typing import Any

from tierwise.core.reply import Usage

from .openai import CREATED, error_body
from .script import Cue
from .voices import Asked, Body, compact, flat

STATUSES = {"stop": "completed", "length": "incomplete", "refusal": "incomplete"}

REASONS = {"length": "max_output_tokens", "refusal": "content_filter"}


class Responses:
    """``POST /responses``."""

    def hear(self, body: Body) -> Asked:
        """Read a request's body."""
        given = body["input"]
        turns = given if isinstance(given, str) else "\n".join(flat(turn["content"]) for turn in given)
        prompt = f"{body.get('instructions') or ''}\n{turns}"
        return Asked(
            cue=Cue(api="responses", model=body["model"], prompt=prompt, body=body),
            stream=bool(body.get("stream")),
            limit=body.get("max_output_tokens"),
            stops=(),
        )

    def opening(self, asked: Asked, model: str, usage: Usage) -> bytes:
        """Announce the response, its item and its part."""
        response = self._response(model, "in_progress")
        item = _message("in_progress", [])
        part: Body = {"type": "output_text", "text": "", "annotations": []}
        return (
            _event(asked, "response.created", {"response": response})
            + _event(asked, "response.in_progress", {"response": response})
            + _event(asked, "response.output_item.added", {"output_index": 0, "item": item})
            + _event(asked, "response.content_part.added", _place() | {"part": part})
        )

    def piece(self, asked: Asked, model: str, text: str) -> bytes:
        """Bring one token."""
        return _event(asked, "response.output_text.delta", _place() | {"delta": text, "logprobs": []})

    def closing(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> bytes:
        """Repeat the text and tell the bill."""
        status = STATUSES[finish]
        return _event(asked, "response.output_text.done", _place() | {"text": text, "logprobs": []}) + _event(
            asked, f"response.{status}", {"response": self.whole(asked, model, text, usage, finish)}
        )

    def whole(self, asked: Asked, model: str, text: str, usage: Usage, finish: str) -> Body:
        """Answer at once."""
        content: list[Body] = [{"type": "output_text", "text": text, "annotations": []}]
        item = _message("completed", content)
        reason = REASONS.get(finish)
        return self._response(model, STATUSES[finish]) | {
            "output": [item],
            "incomplete_details": {"reason": reason} if reason else None,
            "usage": _counts(usage),
        }

    def error(self, status: int, message: str) -> object:
        """Return the error as the API words it."""
        return error_body(status, message)

    def error_event(self, asked: Asked, message: str) -> bytes:
        """Break off as the API does."""
        failed = self._response("", "failed") | {"error": {"code": "server_error", "message": message}}
        return _event(asked, "response.failed", {"response": failed})

    def _response(self, model: str, status: str) -> dict[str, Any]:
        return {
            "id": "resp_rehearsal",
            "object": "response",
            "created_at": CREATED,
            "model": model,
            "status": status,
            "error": None,
            "output": [],
            "usage": None,
            "tools": [],
            "tool_choice": "auto",
            "parallel_tool_calls": True,
        }


def _event(asked: Asked, name: str, body: dict[str, Any]) -> bytes:
    data = {"type": name, "sequence_number": next(asked.numbers), **body}
    return b"event: %b\ndata: %b\n\n" % (name.encode(), compact(data))


def _message(status: str, content: list[Body]) -> Body:
    return {"id": "item_rehearsal", "type": "message", "role": "assistant", "status": status, "content": content}


def _place() -> dict[str, Any]:
    return {"item_id": "item_rehearsal", "output_index": 0, "content_index": 0}


def _counts(usage: Usage) -> dict[str, Any]:
    read = usage.input + usage.cache_read + usage.cache_write
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": usage.cache_read, "cache_write_tokens": usage.cache_write},
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": read + usage.output,
    }
