"""OpenAI's Responses interface, for models that have no other."""

from typing import Any, cast

from tierwise.core.model import Model
from tierwise.core.prompt import Chat, Prompt
from tierwise.core.reply import Finish, Usage

from . import Body, Told, granted
from .chat import json_format
from .failures import refused


class Responses:
    """``POST /responses``, streamed, nothing stored at the vendor's."""

    path = "/responses"

    def stops(self, model: Model, prompt: Prompt) -> tuple[str, ...]:
        """Return none: the interface has no stop sequences."""
        return ()

    def write(self, model: Model, prompt: Prompt) -> Body:
        """Return the request's body."""
        if not isinstance(prompt, Chat):
            raise refused(f"{model.ref} has no fill-in-the-middle interface; remove `fim` from its skills in settings.")
        body: Body = {
            "model": model.name,
            "input": [{"role": turn.role, "content": turn.text} for turn in prompt.messages],
            "max_output_tokens": granted(model, prompt),
            "stream": True,
            "store": False,
        }
        if system := "\n\n".join(text for text in (prompt.system, prompt.stable) if text):
            body["instructions"] = system
        if model.skills.temperature and prompt.limits.temperature is not None:
            body["temperature"] = prompt.limits.temperature
        if model.skills.effort:
            body["reasoning"] = {"effort": model.skills.effort}
        if prompt.schema is not None and model.skills.json:
            body["text"] = {"format": {"type": "json_schema", **json_format(prompt.schema)}}
        return body

    def read(self, event: Body, told: Told) -> str:
        """Take one event."""
        match event["type"]:
            case "response.output_text.delta":
                return str(event["delta"])
            case "response.refusal.delta":
                told.declined = "its own judgement"
            case "response.created":
                told.resolved = str(event["response"]["model"])
            case "response.completed" | "response.incomplete":
                _close(event["response"], told)
            case _:
                pass  # item and part marks, reasoning summaries
        return ""

    def whole(self, body: Body, told: Told) -> str:
        """Take an answer that was not streamed, as batches bring it."""
        _close(body, told)
        blocks = [block for item in body["output"] if item["type"] == "message" for block in item["content"]]
        if any(block["type"] == "refusal" for block in blocks):
            told.declined = "its own judgement"
        return "".join(str(block["text"]) for block in blocks if block["type"] == "output_text")


def _close(response: Body, told: Told) -> None:
    told.over = True
    told.resolved = str(response["model"])
    if response.get("usage"):
        told.usage, told.final = _usage(response["usage"]), True
    details = cast("dict[str, Any]", response.get("incomplete_details") or {})
    told.finish = Finish.LENGTH if details.get("reason") == "max_output_tokens" else Finish.STOP
    if details.get("reason") == "content_filter":
        told.declined = "its vendor's content filter"


def _usage(counts: Body) -> Usage:
    inside = cast("dict[str, Any]", counts.get("input_tokens_details") or {})
    made = cast("dict[str, Any]", counts.get("output_tokens_details") or {})
    read, written = int(inside.get("cached_tokens") or 0), int(inside.get("cache_write_tokens") or 0)
    return Usage(
        input=max(0, int(counts["input_tokens"]) - read - written),
        output=int(counts["output_tokens"]),
        cache_read=read,
        cache_write=written,
        reasoning=int(made.get("reasoning_tokens") or 0),
    )
